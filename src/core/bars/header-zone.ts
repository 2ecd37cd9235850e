/** What the name of a time column says of its clock. */
export interface HeaderZone {
  /** As the name writes it: `EET`. */
  readonly written: string;
  /** For `openZone`; null where the word stands for several zones. */
  readonly zone: string | null;
}

const zones: Readonly<Record<string, string>> = {
  utc: 'UTC',
  gmt: 'UTC',
  eet: 'EET',
  cet: 'CET',
  wet: 'WET',
  met: 'MET',
  msk: 'Europe/Moscow',
  jst: 'Asia/Tokyo',
  kst: 'Asia/Seoul',
  hkt: 'Asia/Hong_Kong',
  sgt: 'Asia/Singapore',
  et: 'America/New_York',
};
const doubtful = new Set('est edt cst cdt mst mdt pst pdt bst ist ast'.split(' '));

/** The zone that the name of a column of times names: `Time (EET)`, `Gmt time`, `datetime_utc`, `begin_time_GMT8`. */
export function findHeaderZone(name: string): HeaderZone | undefined {
  const bracketed = /[([{]([^)\]}]*)[)\]}]/.exec(name)?.[1].trim();
  if (bracketed !== undefined) {
    const zone = /^[A-Za-z_]+\/[A-Za-z_/+-]+$/.test(bracketed) && isZone(bracketed) ? bracketed : undefined;
    if (zone) return { written: bracketed, zone };
  }
  const tokens = bracketed === undefined ? name.split(/[^A-Za-z0-9+:-]+/) : [bracketed];
  if (bracketed === undefined && tokens.length < 2) return undefined;
  for (const written of tokens) {
    const word = written.toLowerCase();
    if (Object.hasOwn(zones, word)) return { written, zone: zones[word] };
    if (doubtful.has(word)) return { written, zone: null };
    const offset = /^(?:utc|gmt)([-+]?)(\d{1,2})(?::?(\d{2}))?$/.exec(word);
    if (offset) return { written, zone: `${offset[1] || '+'}${offset[2].padStart(2, '0')}:${offset[3] ?? '00'}` };
  }
  return undefined;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
