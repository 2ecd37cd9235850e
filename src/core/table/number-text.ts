const plain = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?$/;
const thousandth = /^[-+]?\d{1,3}\.\d{3}$/;

/** The number that `text` (without blanks around it) plainly is: `1.5`, `-3e2`, `.5`; NaN for every other text. */
export function plainNumber(text: string): number {
  // A first character that cannot begin a number, or the hyphen behind the year of a date, spares most texts the pattern.
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46;
  if (!numeric || (text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45)) return NaN;
  return plain.test(text) ? Number(text) : NaN;
}

/** Whether a plain number may also be a whole one with a point between its thousands: `4.016`. */
export function isThousandth(text: string): boolean {
  return thousandth.test(text);
}
