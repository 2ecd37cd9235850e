/** Orders to a terminal: C0, DEL and C1, marks that turn the direction of writing, separators of lines, byte order marks. */
// eslint-disable-next-line no-control-regex
const orders = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * One line of text that can do nothing to a terminal: what would be an order stands there as `\u001b`. The escapes are
 * JSON's, so that JSON in which they are replaced says the same as before.
 */
export function toVisible(text: string): string {
  return text.replace(orders, (order) => short[order] ?? `\\u${order.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
