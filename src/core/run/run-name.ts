/** How a run is named: by its number, as R12, r12 or 12, or by its id. In a pattern, without anchors. */
const number = '[Rr]?[0-9]{1,9}';
const id = '[0-9a-z]{10,40}';
export const runNamePattern = `(?:${number}|${id})`;

const wholeNumber = new RegExp(`^${number}$`);
const wholeName = new RegExp(`^${runNamePattern}$`);

/** Every id of a run matches this; nothing else is ever made part of a path. */
export const runIdPattern = new RegExp(`^${id}$`);

export function isRunName(text: string): boolean {
  return wholeName.test(text);
}

/** The number by which a run is named; undefined for an id, and for what names none. */
export function runNumber(name: string): number | undefined {
  return wholeNumber.test(name) ? Number(name.replace(/^[Rr]/, '')) : undefined;
}

/** One name for R12, r12, 012 and 12; any other text as it is. */
export function plainRunName(name: string): string {
  const number = runNumber(name);
  return number === undefined ? name : `R${number}`;
}
