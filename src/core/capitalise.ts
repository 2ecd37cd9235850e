/** A sentence or label from words: its first letter a capital, the rest as it is. */
export function capitalise(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
