import { openZone, type Zone } from './zone.ts';

/** What a word behind a time says of its clock. */
export type NamedZone =
  /** One offset the year round, milliseconds to add to UTC: `EST` is five hours behind in summer too. */
  | { readonly kind: 'fixed'; readonly name: string; readonly offset: number }
  /** A place whose clock may change over the year: `US/Eastern`, `ET`. */
  | { readonly kind: 'place'; readonly name: string; readonly zone: Zone }
  /** A word that several places use for different clocks. */
  | {
      readonly kind: 'ambiguous';
      readonly name: string;
      readonly places: string;
      /** One of the zones, as data.timezone names it. */
      readonly example: string;
      /** The summer time that only one of the places has, and the offset of the word there. */
      readonly beside: { readonly name: string; readonly offset: number } | null;
    };

/** Hours ahead of UTC. */
const hoursOf: Readonly<Record<string, number>> = {
  ...{ UTC: 0, UCT: 0, GMT: 0, Z: 0, ZULU: 0, WET: 0, WEST: 1, CET: 1, CEST: 2, MET: 1, MEST: 2, MEZ: 1, MESZ: 2 },
  ...{ EET: 2, EEST: 3, MSK: 3, PKT: 5, WIB: 7, HKT: 8, SGT: 8, AWST: 8, JST: 9, KST: 9, AEST: 10, AEDT: 11 },
  ...{ NZST: 12, NZDT: 13, BRT: -3, ART: -3, EDT: -4, EST: -5, CDT: -5, MDT: -6, MST: -7, PDT: -7 },
  ...{ PST: -8, AKDT: -8, AKST: -9, HST: -10 },
};
/** Clocks of a year with their summer time, as the name of a column or of a market means them. */
const places: Readonly<Record<string, string>> = {
  ET: 'America/New_York',
  CT: 'America/Chicago',
  MT: 'America/Denver',
  PT: 'America/Los_Angeles',
  EST5EDT: 'America/New_York',
  CST6CDT: 'America/Chicago',
  MST7MDT: 'America/Denver',
  PST8PDT: 'America/Los_Angeles',
};
const shared: Readonly<Record<string, { readonly places: string; readonly example: string }>> = {
  BST: { places: 'Britain in summer and Bangladesh', example: 'Europe/London' },
  IST: { places: 'India, Israel and Ireland in summer', example: 'Asia/Kolkata' },
  AST: { places: 'the Atlantic coast of Canada and Arabia', example: 'America/Halifax' },
  GST: { places: 'the Gulf and South Georgia', example: 'Asia/Dubai' },
  SST: { places: 'Samoa and Singapore', example: 'Asia/Singapore' },
  CST: { places: 'China, Chicago in winter and Cuba', example: 'Asia/Shanghai or America/Chicago' },
};
/** What settles a shared word where the same column has both: only the centre of North America has a CDT beside its CST. */
const settledBeside: Readonly<Record<string, { readonly name: string; readonly offset: number }>> = {
  CST: { name: 'CDT', offset: -6 * 3_600_000 },
};
/** In the name of a column the short name of a clock stands for the whole year, summer time included. */
const yearRound: Readonly<Record<string, string>> = { WET: 'WET', CET: 'CET', MET: 'CET', MEZ: 'CET', EET: 'EET' };

const known = new Map<string, NamedZone | null>();

/** The zone that a word such as `EST`, `JST`, `IST` or `Europe/Berlin` names; undefined where it names none. */
export function zoneOfWord(word: string): NamedZone | undefined {
  let zone = known.get(word);
  if (zone === undefined) {
    zone = findZone(word);
    // Words come from files: a file of nothing but different words must not fill the memory.
    if (known.size < 1000) known.set(word, zone);
  }
  return zone ?? undefined;
}

function findZone(word: string): NamedZone | null {
  const name = word.toUpperCase();
  if (Object.hasOwn(hoursOf, name)) return { kind: 'fixed', name, offset: hoursOf[name] * 3_600_000 };
  if (Object.hasOwn(shared, name)) {
    return { kind: 'ambiguous', name, ...shared[name], beside: settledBeside[name] ?? null };
  }
  const place = Object.hasOwn(places, name) ? places[name] : word.includes('/') ? word : undefined;
  if (place === undefined) return null;
  try {
    return { kind: 'place', name: word, zone: openZone(place) };
  } catch {
    return null;
  }
}

/** What the name of a time column says of its clock. */
export interface HeaderZone {
  /** As the header writes it. */
  readonly written: string;
  /** Null where several places use the word for different clocks. */
  readonly zone: Zone | null;
  /** A word such as `EST`, one offset the year round, that people also use of a place and its summer time. */
  readonly loose: boolean;
}

/**
 * The zone that the name of a time column names: `Time (EET)`, `Gmt time`, `timestamp_utc`, `Date (UTC-5)`,
 * `Datetime (Europe/Berlin)`; null where it names none. The short name of a clock means its summer time too.
 */
export function zoneOfHeader(name: string): HeaderZone | null {
  const inside = /[([]\s*([^()[\]]+?)\s*[)\]]/.exec(name)?.[1];
  if (inside !== undefined) return zoneOfMark(inside, true);
  for (const word of name.split(/[\s_.,;:]+/)) {
    const zone = zoneOfMark(word, false);
    if (zone) return zone;
  }
  return null;
}

function zoneOfMark(mark: string, bracketed: boolean): HeaderZone | null {
  const offset = /^(?:UTC|GMT)?\s*([-+−]?)(\d{1,2})(?::?(\d{2}))?$/i.exec(mark);
  if (offset && /^(?:UTC|GMT|[-+−])/i.test(mark)) {
    const [, sign, hours, minutes = '00'] = offset;
    if (!bracketed && /^[-+−]/.test(mark)) return null;
    return exactly(mark, `${sign === '' || sign === '+' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}`);
  }
  const upper = mark.toUpperCase();
  // Words of two letters are too short to be believed without brackets: `et`, `pt`.
  if (!bracketed && (upper.length < 3 || upper.includes('/'))) return null;
  if (Object.hasOwn(yearRound, upper)) return exactly(mark, yearRound[upper]);
  const zone = zoneOfWord(mark);
  if (zone?.kind === 'place') return { written: mark, zone: zone.zone, loose: false };
  if (zone?.kind === 'ambiguous') return { written: mark, zone: null, loose: false };
  if (zone === undefined) return null;
  const { name, offset: ahead } = zone;
  return ahead === 0 ? exactly(mark, 'UTC') : { written: mark, zone: { name, offsetAt: () => ahead }, loose: true };
}

function exactly(written: string, name: string): HeaderZone | null {
  try {
    return { written, zone: openZone(name), loose: false };
  } catch {
    return null;
  }
}
