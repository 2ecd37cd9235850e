import { codePoint, findFileNameFault } from '#core/given-name.ts';

/** Longest name of a notebook, without its ending. */
const maxLength = 100;

/** Endings of Markdown that are not ours: a file with one was probably meant as a notebook. */
const otherEnding = /\.(?:md|markdown|mdown|mkdn?|mdwn|qmd|rmd|mdx)$/i;

const ending = '.md';

/**
 * The rule for names of notebooks, in the library, over HTTP and on the command line: 1 to 100 letters A–Z a–z, digits,
 * _ and -, the first a letter or digit. The file is that name with `.md`. Answers why a name breaks it, as the end of a
 * sentence about it ("… is too long: …"), or null.
 */
export function findNameFault(name: string): string | null {
  const fault = findFileNameFault(name);
  if (fault !== null) return fault;
  if (/[/\\]/.test(name)) return 'holds a slash: a notebook lies in the notebooks folder itself';
  if (name.length > maxLength) return `is too long: ${name.length} characters, and ${maxLength} at most are allowed`;
  const odd = /[^A-Za-z0-9_-]/u.exec(name)?.[0];
  if (odd !== undefined) return `holds ${nameOf(odd)}: only letters A–Z, digits, _ and - are allowed`;
  return /^[A-Za-z0-9]/.test(name) ? null : `begins with ${name[0]}: expected a letter or digit`;
}

/** A character that is not seen is called by its number. */
function nameOf(character: string): string {
  if (character === ' ') return 'a space';
  if (!/[\p{C}\p{Z}\p{M}]/u.test(character)) return character;
  return codePoint(character);
}

/** Whether a text may name a notebook. */
export function isNotebookName(text: string): boolean {
  return findNameFault(text) === null;
}

/** The name of the notebook in a file, or what is wrong with the file's name; null for a file of another kind. */
export function readFileName(
  file: string,
): { readonly name: string; readonly fault: null } | { readonly name: null; readonly fault: string } | null {
  const other = otherEnding.exec(file)?.[0];
  if (other === undefined || /^\._|^\.#/.test(file)) return null;
  const fault = findNameFault(file.slice(0, -other.length));
  if (fault !== null) return { name: null, fault };
  if (other !== ending) return { name: null, fault: `ends in ${other}: a notebook’s file ends in ${ending}` };
  return { name: file.slice(0, -ending.length), fault: null };
}

/** Why a link in the notebooks folder is no notebook, as the end of a sentence about it: it could lead out of the folder. */
export const linkFault = 'is a link; put the file itself here';

/** Why a link that leads nowhere is none elsewhere either. */
export const deadLink = 'is a link, and what it leads to is not there';

/** A title as a name: "BTC, next 12 hours" → "btc-next-12-hours"; "notebook" where nothing is left. */
export function toNotebookName(title: string): string {
  const name = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-+|-+$/g, '');
  return isNotebookName(name) ? name : 'notebook';
}
