/**
 * A difference with its sign before its size as `write` puts it; ±0 where nothing is left of it, a dash where it is not finite.
 *
 * @example
 * signed(-0.0123, (size) => size.toFixed(2)); // '−0.01'
 */
export function signed(value: number, write: (size: number) => string): string {
  if (!Number.isFinite(value)) return '–';
  const text = write(Math.abs(value));
  return value === 0 || Number(text) === 0 ? '±0' : `${value > 0 ? '+' : '−'}${text}`;
}

/** The same in signs that programs read as a number, for a terminal: -0.01, 0. */
export function plainSigned(value: number, write: (size: number) => string): string {
  return signed(value, write).replace('±0', '0').replace(/[−–]/, '-');
}
