const scheme = /^[a-z][a-z0-9+.-]*:/i;
const picture = /\.(?:avif|gif|jpe?g|png|svg|webp)$/i;

/** Ids of headings and footnotes begin with this, so that no words of a text can take the id of a part of the page. */
export const textIdPrefix = 'text-';

/** Parts of the page itself that a text may lead to: its cells, and what stands under the training. */
const pagePart = /^(?:cell-(?:data|features|targets|model|loss|train)|log|checkpoints|results)$/;

/** The id under which a heading of these words is found: as on code hosts, "What we saw (2)" is `what-we-saw-2`. */
export function headingSlug(words: string): string {
  return words
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s+/g, '-');
}

/** Where a link of a text leads on the page; null where it may lead nowhere. */
export function linkAddress(href: string): string | null {
  const address = href.trim();
  if (/^(?:https?:|mailto:)/i.test(address)) return address;
  if (scheme.test(address) || /^(?:[/\\]|%5c){2}/i.test(address)) return null;
  if (address.startsWith('#')) return hashAddress(address.slice(1));
  if (address.startsWith('/')) return address;
  const [path = '', hash] = address.split('#', 2);
  const notebook = /^(?:\.\/)?([\w-]+)\.md$/.exec(decoded(path))?.[1];
  if (notebook !== undefined) return `/notebooks/${notebook}${hash === undefined ? '' : hashAddress(hash)}`;
  return picture.test(path) ? pictureAddress(path) : address;
}

/** Where the picture of a text is fetched; null where it is none of this workspace, or of a kind that is not shown. */
export function imageAddress(source: string): string | null {
  const address = source.trim();
  if (/^data:image\/(?:avif|gif|jpeg|png|webp);base64,[a-z0-9+/=]*$/i.test(address)) return address;
  if (scheme.test(address) || /^[/\\]/.test(address)) return null;
  return picture.test(address) ? pictureAddress(address) : null;
}

function hashAddress(hash: string): string {
  return pagePart.test(hash) ? `#${hash}` : `#${textIdPrefix}${headingSlug(decoded(hash))}`;
}

/** A file beside the notebook, as the page's own server has it. */
function pictureAddress(path: string): string | null {
  const parts = decoded(path)
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (parts.some((part) => part.startsWith('.'))) return null;
  return `/files/pictures/${parts.map(encodeURIComponent).join('/')}`;
}

/** As it was meant, also where it is not well encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
