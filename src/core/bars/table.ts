/** One cell as a reader found it: numeric text is already a number. */
export type RawValue = string | number | bigint | boolean | Date | null | undefined;

/** Rows of a file as columns, before anything is understood about them. */
export interface RawTable {
  /** Column names of the file, or null where it has none. */
  readonly names: readonly string[] | null;
  /** One array a column, all `rows` long. */
  readonly columns: readonly ArrayLike<RawValue>[];
  readonly rows: number;
  /** Remarks of the reader (junk skipped, several files joined). */
  readonly notes: readonly string[];
}

/** Text as a number where it is written as one (`1.5`, `-3e2`), else as it is; null where it is blank. */
export function cellValue(text: string): RawValue {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  // A first character that cannot begin a number spares the conversion of most texts.
  const first = trimmed.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46;
  if (!numeric || !/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?$/.test(trimmed)) return trimmed;
  return Number(trimmed);
}

/** A cell as a price or a volume; NaN where it is no number. */
export function toNumber(value: RawValue): number {
  switch (typeof value) {
    case 'number':
      return value;
    case 'bigint':
      return Number(value);
    case 'string': {
      const cell = cellValue(value);
      return typeof cell === 'number' ? cell : NaN;
    }
    default:
      return NaN;
  }
}
