import type { DiffRow, DiffValue, PairedScore } from '#core/api/run-diff.ts';
import { isMap } from '#core/config/document.ts';
import { signed } from '#core/signed.ts';

/** Signs of a hash that tell it from others for a person. */
const hashSigns = 12;

/** A value in one line: texts bare, hashes cut, lists with commas, maps as YAML writes them in one line. */
function valueText(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return /^[0-9a-f]{40,64}$/.test(value) ? `${value.slice(0, hashSigns)}…` : value;
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (isMap(value)) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}: ${valueText(inner)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value) ?? 'none';
}

/** What a run has under a key, in words where it has no value. */
export function diffText(value: DiffValue): string {
  return value.state === 'known' ? valueText(value.value) : value.state === 'absent' ? 'absent' : 'not known';
}

/**
 * How far a number is from that of the base: +7, −0.1, and as a factor where both have one sign and it is 10 or more
 * times, or both are small, as learning rates are. Null where either is no number, or they are equal.
 *
 * @example
 * changeText({ state: 'known', value: 14 }, { state: 'known', value: 21 }); // '+7'
 * changeText({ state: 'known', value: 1e-3 }, { state: 'known', value: 3e-4 }); // '×0.3'
 */
export function changeText(base: DiffValue, own: DiffValue): string | null {
  if (base.state !== 'known' || own.state !== 'known') return null;
  const [from, to] = [base.value, own.value];
  if (typeof from !== 'number' || typeof to !== 'number' || from === to) return null;
  const factor = to / from;
  const isSmall = Math.max(Math.abs(from), Math.abs(to)) < 0.01;
  if (Number.isFinite(factor) && factor > 0 && (isSmall || factor >= 10 || factor <= 0.1)) {
    return `×${rounded(factor)}`;
  }
  return signed(to - from, rounded);
}

/** Whether a run has another value than the base under a key. */
export function isChanged({ values }: Pick<DiffRow, 'values'>, at: number): boolean {
  return diffText(values[at]) !== diffText(values[0]) || values[at].state !== values[0].state;
}

/** What the test of a difference says: "worse, p 0.02", "no difference shown". */
export function findingText({ finding, test, withinSeeds, low }: PairedScore): string {
  if (finding === 'unknown') return 'too few rows to tell';
  if (finding === 'none')
    return low !== null && test !== null && test.p < 0.05
      ? `not shown, p ${pText(test.adjusted)}`
      : 'no difference shown';
  const p = test === null ? 'interval leaves 0' : `p ${pText(test.adjusted)}`;
  return `${finding}, ${p}${withinSeeds === true ? ', within seeds' : ''}`;
}

/** A difference with its sign and three significant digits, never as a power of ten: +0.00597, −0.0000109, ±0. */
export function signedText(value: number): string {
  return signed(value, threeDigits);
}

/** A size with three significant digits, never as a power of ten. */
export function threeDigits(size: number): string {
  if (size === 0) return '0';
  const magnitude = Math.floor(Math.log10(size) + 1e-9);
  return size.toFixed(Math.min(12, Math.max(0, 2 - magnitude)));
}

function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toPrecision(2);
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
