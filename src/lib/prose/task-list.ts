const item = /^(\s*(?:[-*+]|\d+[.)])\s+\[)([ xX])(?=\])/gm;

/** The text with task `index`, counted from 0, ticked or not. */
export function tickTask(text: string, index: number, isDone: boolean): string {
  let at = -1;
  return text.replace(item, (all, before: string) => (++at === index ? `${before}${isDone ? 'x' : ' '}` : all));
}
