/** A count with its noun: "1 epoch", "2 epochs", "0 rows". `many` where it takes more than an s; `write` for its digits. */
export function countWords(
  count: number,
  noun: string,
  { many = `${noun}s`, write = String }: { readonly many?: string; readonly write?: (count: number) => string } = {},
): string {
  return `${write(count)} ${count === 1 ? noun : many}`;
}
