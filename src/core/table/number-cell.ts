/** The sign between the whole and the fraction of a number. */
export type DecimalSign = '.' | ',';

/** A number as a person writes it, without its currency, sign and unit. */
interface NumberCell {
  /** Digits with the separators among them, perhaps an exponent: `1.003,10`, `1 234`, `1,5E-05`. */
  readonly core: string;
  readonly negative: boolean;
  /** Powers of ten to multiply by: 3 of `68.18K`, −2 of `0.1%`. */
  readonly power: number;
  /** What is special in it, for the notes; '' where nothing is. */
  readonly mark: '' | 'currency' | 'unit' | 'percent' | 'brackets' | 'underscore' | 'counted';
}

const missing = new Set(
  `- -- --- — – . .. ... ? * n/a na n.a. #n/a #na nan -nan null none nil void \\n n.v. k.a. keine #value! #ref! #div/0!
   #name? #num! #null! #wert! #bezug! <na> nat missing`
    .split(/\s+/)
    .concat('#n/a n/a'),
);
const infinite = /^([-+−]?)(?:inf|infinity|∞)$/i;
const plainCore = /^\d[\d.,]*$/;
const core = /^(?:\d[\d., ']*|[.,]\d+)(?:[eE][-+]?\d{1,3})?$/;
const currencyBefore = /^(?:[A-Z]{0,3}\p{Sc}|[A-Z]{3,5}(?=[ \d.,(+-])|Fr\.?|kr\.?|Rs\.?)\s*/u;
const currencyAfter = /(?<=[\d.,)-])\s*(?:\p{Sc}|Fr\.?|kr\.?|zł|Kč|Ft)$|(?<=[\d.,)-])\s+[A-Z]{3,5}$/u;
const unit = /(?<=\d)\s*(k|m|mm|mn|mln|b|bn|t|tn|tsd\.?|mio\.?|mrd\.?|bio\.?)$/i;
/** What a volume is counted in. */
const counted =
  /(?<=[\dkmb.])\s*(?:st(?:k|ü?ck|ueck)?\.?|pcs?\.?|pieces|shares?|shs?\.?|lots?|contracts?|kontrakte|units?|aktien|anteile|actions|titres|parts|acciones|títulos|azioni|titoli|pezzi|aandelen|stuks?|szt\.?|ks|db|adet|lotes?|шт\.?|акций|лотов|股|手|株|주)$/iu;
const powers: Readonly<Record<string, number>> = {
  ...{ k: 3, tsd: 3, m: 6, mm: 6, mn: 6, mln: 6, mio: 6, b: 9, bn: 9, mrd: 9, t: 12, tn: 12, bio: 12 },
};

/** Whether a cell says that there is no number: `n/a`, `-`, `.`, `null`. */
export function isMissingText(text: string): boolean {
  return text.length <= 9 && missing.has(text.toLowerCase().trim());
}

/** ∞ and −∞ as they are written; undefined for every other text. */
export function infinityOf(text: string): number | undefined {
  const match = infinite.exec(text);
  return match ? (match[1] === '' || match[1] === '+' ? Infinity : -Infinity) : undefined;
}

/** Takes a number apart as a person writes it; undefined where the text is none. */
export function parseNumberCell(text: string): NumberCell | undefined {
  if (plainCore.test(text)) return { core: text, negative: false, power: 0, mark: '' };
  let rest = toAscii(text);
  let [signs, negative, power] = [0, false, 0];
  let mark: NumberCell['mark'] = '';
  const inBrackets = /^(?:\p{Sc}\s*)?\((.+)\)(?:\s*\p{Sc})?$/u.exec(rest);
  if (inBrackets) [rest, signs, negative, mark] = [inBrackets[1].trim(), 1, true, 'brackets'];
  // Sign and currency come in both orders: -$5, $-5.
  for (let turn = 0; turn < 2; turn++) {
    const sign = /^[-+]\s?/.exec(rest);
    if (sign) {
      signs++;
      negative = rest.startsWith('-');
      rest = rest.slice(sign[0].length);
    }
    const bare = rest.replace(currencyBefore, '');
    if (bare !== rest) [rest, mark] = [bare, mark || 'currency'];
  }
  const number = rest.replace(counted, '');
  if (number !== rest) [rest, mark] = [number.trim(), 'counted'];
  const bare = rest.replace(currencyAfter, '');
  if (bare !== rest) [rest, mark] = [bare.trim(), mark || 'currency'];
  if (rest.endsWith('-')) [rest, signs, negative] = [rest.slice(0, -1).trim(), signs + 1, true];
  if (signs > 1) return undefined;
  if (rest.endsWith('%')) [rest, power, mark] = [rest.slice(0, -1).trim(), -2, 'percent'];
  const times = unit.exec(rest);
  if (times) {
    power += powers[times[1].toLowerCase().replace('.', '')];
    [rest, mark] = [rest.slice(0, times.index), 'unit'];
  }
  const joined = rest.replace(/(?<=\d)_(?=\d)/g, '');
  if (joined !== rest) [rest, mark] = [joined, 'underscore'];
  return core.test(rest) ? { core: rest, negative, power, mark } : undefined;
}

/** Without the marks of a spreadsheet (`="1.5"`, `'1.5`); blanks, digits, signs and apostrophes as in ASCII. */
function toAscii(text: string): string {
  const bare = text.replace(/^(?:="?|['"])|"$/g, '');
  if (!/[^ -~]/.test(bare)) return bare.trim();
  return bare
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[−–﹣]/g, '-')
    .replace(/[’‘ʼ´`]/g, "'")
    .replace(/\s/g, ' ')
    .trim();
}

/** Whether a cell is a number as a person writes it, or says that there is none. */
export function isNumberText(text: string): boolean {
  if (isMissingText(text) || infinityOf(text) !== undefined) return true;
  const cell = parseNumberCell(text);
  return cell !== undefined && decimalOf(cell.core) !== 'bad';
}

/**
 * What a number says of its decimal sign: that sign where it can be read in one way only; `either` where its one
 * separator may be both (`1,234`); `none` where it has none; `bad` where it is written in no known way.
 */
export function decimalOf(text: string): DecimalSign | 'either' | 'none' | 'bad' {
  const point = text.indexOf('.');
  const comma = text.indexOf(',');
  if (point < 0 && comma < 0) return 'none';
  const asPoint = !Number.isNaN(numberOf(text, '.'));
  const asComma = !Number.isNaN(numberOf(text, ','));
  if (asPoint && asComma) return 'either';
  return asPoint ? '.' : asComma ? ',' : 'bad';
}

const exponent = '(?:[eE]([-+]?\\d{1,3}))?$';
/** Groups of three, or as in India of two and a last one of three; a number that begins with 0 has no groups. */
const whole = (separators: string) => `(0*\\d+|[1-9]\\d{0,2}([${separators}])(?:(?:\\d{2}\\2)+|(?:\\d{3}\\2)*)\\d{3})?`;
const forms: Readonly<Record<DecimalSign, RegExp>> = {
  '.': new RegExp(`^${whole(", '")}(?:\\.(\\d*))?${exponent}`),
  ',': new RegExp(`^${whole(". '")}(?:,(\\d*))?${exponent}`),
};

/** The number that `text` is with this decimal sign and any other separator between its thousands; NaN if it is none. */
export function numberOf(text: string, decimal: DecimalSign, power = 0): number {
  const match = forms[decimal].exec(text);
  if (!match) return NaN;
  const [, digits = '', separator, fraction = '', written] = match;
  if (digits === '' && fraction === '') return NaN;
  // Thousands are written out before an exponent, never in groups.
  if (separator !== undefined && written !== undefined) return NaN;
  const bare = separator === undefined ? digits : digits.replaceAll(separator, '');
  return Number(`${bare}.${fraction || '0'}e${Number(written ?? 0) + power}`);
}

/** The separator between the thousands of a number that `numberOf` reads; '' where it has none. */
export function groupOf(text: string, decimal: DecimalSign): string {
  return forms[decimal].exec(text)?.[2] ?? '';
}
