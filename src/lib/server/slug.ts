const pattern = /^[a-z0-9](?:[a-z0-9_-]{0,78}[a-z0-9])?$/;

/** Names that cannot be a file on some systems. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** Whether a text may name a notebook's file and stand in its address: 1 to 80 of a–z, 0–9, _ and -. */
export function isSlug(text: string): boolean {
  return pattern.test(text) && !reserved.test(text);
}

/** A title as a slug: "BTC, next 12 hours" → "btc-next-12-hours"; "notebook" where nothing is left. */
export function toSlug(title: string): string {
  const slug = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-+|-+$/g, '');
  return isSlug(slug) ? slug : 'notebook';
}
