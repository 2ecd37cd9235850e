/** Of a configuration key so much that one knows it: the indicator with its timeframe, else the last word. */
export function lastWords(key: string): string {
  const feature = /^features\.timeframes\.(.+)$/.exec(key);
  return feature?.[1] ?? key.split('.').at(-1) ?? key;
}
