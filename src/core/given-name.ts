/** Names that Windows keeps for devices, whatever ending follows. */
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])$/i;

/** Marks that turn the direction of the text around them, so that a name reads as another one. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** What is not seen: blanks, characters of no width, the blanks of Korean and Braille. */
const unseen = /^[\s\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

const blankEdge = /^[\s\p{Z}]|[\s\p{Z}]$/u;

/**
 * The rule for every name that a person gives: of runs, tags, notebooks, checkpoints and data files. It can be seen, begins and
 * ends with what is seen, and holds nothing that acts on a terminal or turns the text about it. Answers why a name breaks
 * it, as the end of a sentence about it ("… holds a control character, U+0000"), or null.
 */
export function findGivenNameFault(name: string): string | null {
  if (name === '') return 'is empty';
  if (!name.isWellFormed()) return 'holds half a character (a surrogate)';
  const control = /\p{Cc}/u.exec(name)?.[0];
  if (control !== undefined) return `holds a control character, ${codePoint(control)}`;
  const mark = name.match(turning)?.[0];
  if (mark !== undefined) return `holds a mark that turns the direction of text, ${codePoint(mark)}`;
  if (unseen.test(name)) return 'holds nothing that can be seen';
  if (blankEdge.test(name)) return `${/^[\s\p{Z}]/u.test(name) ? 'begins' : 'ends'} with a blank`;
  return null;
}

/**
 * The rule for names that become those of files and folders, on any system: that of every name, and no dot at either end,
 * and none of the names that Windows keeps for devices.
 */
export function findFileNameFault(name: string): string | null {
  const fault = findGivenNameFault(name);
  if (fault !== null) return fault;
  if (name.startsWith('.')) return 'begins with a dot, which hides a file';
  if (name.endsWith('.')) return 'ends with a dot, which Windows leaves out';
  const stem = name.split('.')[0];
  if (blankEdge.test(stem)) return 'has a blank before a dot, which Windows leaves out';
  return devices.test(stem) ? 'cannot be the name of a file on Windows' : null;
}

/** A text that was not meant as a name, a title above all, as one; empty where nothing is left that can be seen. */
export function toGivenName(text: string): string {
  const name = text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .replace(turning, '')
    .replace(/^[\s\p{Z}]+|[\s\p{Z}]+$/gu, '');
  return findGivenNameFault(name) === null ? name : '';
}

/** A character that is not seen is called by its number. */
export function codePoint(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
}
