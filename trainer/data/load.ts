import { countWords } from '#core/count-words.ts';
import type { Bars } from '#core/bars/bars.ts';
import { cleanBars, type CleaningConfig } from '#core/bars/clean.ts';
import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import { isNamedAfter, listFileInstruments } from '#core/quotes/file-instrument.ts';
import { isSampleSource, parseSampleSource, sampleMarket } from '#core/bars/sample-market.ts';
import { previewTable, type TablePreview } from '#core/quotes/table-preview.ts';
import { numberColumn } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import { fingerprintOf, hashOf, identifySource, type SourceIdentity, withoutFolder } from './identify.ts';
import { locateSource, type Roots } from './locate.ts';
import { readTable } from './read.ts';
import { defaultLimits, openSource, type ReadLimits } from './source-file.ts';

export interface LoadedBars {
  readonly bars: Bars;
  readonly report: CleaningReport;
  /** Of the bytes that were read (SourceIdentity). */
  readonly fingerprint: string;
  /** Base names of the files, sorted by path; empty for a sample. */
  readonly files: readonly string[];
}

/** The parts of data: that loading reads. */
export type LoadConfig = CleaningConfig & { readonly source: string };

interface Options extends Roots {
  readonly limits?: ReadLimits;
  /** Names of further columns of the files that features read. */
  readonly extra?: readonly string[];
  /** The source as it was found, where it has been looked for already. */
  readonly identity?: SourceIdentity;
}

/**
 * Loads and cleans the bars that `data` names, from files inside the roots or from the built-in sample.
 * @throws AppError data_forbidden, data_not_found, data_unreadable, data_empty, invalid_config
 *
 * @example
 * const data = requireConfig({ overrides: ['data.source=data/example.csv'] }).config.data;
 * const { bars, report, fingerprint } = await loadBars(data, { roots: ['notebooks'] });
 */
export async function loadBars(data: LoadConfig, options: Options): Promise<LoadedBars> {
  const { limits = defaultLimits, extra = [] } = options;
  const identity = options.identity ?? (await identifySource(data, options));
  if (isSampleSource(data.source)) {
    // The sample is what it is, whatever data.bar_label, columns and symbol say of files.
    const own = { ...data, bar_label: 'open', columns: {}, symbol: null } as const;
    const { bars, report } = cleanBars([sampleTable(data.source)], own, extra);
    return { bars, report, fingerprint: identity.fingerprint, files: [] };
  }
  const parts: { name: string; table: RawTable; hash: string }[] = [];
  for (const known of identity.files) {
    const file = await openSource(known.path, limits);
    try {
      parts.push({ name: file.name, hash: await hashOf(file, known), table: await readTable(file) });
    } finally {
      await file.handle.close();
    }
  }
  const { bars, report } = cleanBars(
    parts.map(({ table }) => table),
    data,
    extra,
  );
  const { left } = identity;
  const notes = left > 0 ? [`${countWords(left, 'file')} named after other instruments left out`] : [];
  return {
    ...{ bars, fingerprint: fingerprintOf(parts), files: parts.map(({ name }) => name) },
    report: { ...report, notes: [...report.notes, ...notes] },
  };
}

/**
 * The first rows of a source as its file has them, for a person to look at; of several files, those of the first of the
 * instrument wanted.
 * @throws AppError data_forbidden, data_not_found, data_unreadable
 */
export async function loadPreview(data: LoadConfig, { roots, limits = defaultLimits }: Options): Promise<TablePreview> {
  const { source, symbol } = data;
  if (isSampleSource(source)) return previewTable(sampleTable(source), { columns: {}, symbol: null }, []);
  const paths = await locateSource(source, { roots });
  const names = withoutFolder(paths);
  const wanted = symbol === null ? -1 : names.findIndex((name) => isNamedAfter(name, symbol));
  const file = await openSource(paths[Math.max(0, wanted)], limits);
  try {
    return previewTable(await readTable(file), data, listFileInstruments(names));
  } finally {
    await file.handle.close();
  }
}

function sampleTable(source: string): RawTable {
  return tableOf(sampleMarket(parseSampleSource(source)), 'synthetic market: made by the program, not real data');
}

function tableOf(bars: Bars, note: string): RawTable {
  const columns = [bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume];
  return {
    name: 'sample://market',
    names: ['time', 'open', 'high', 'low', 'close', 'volume'],
    instruments: null,
    columns: columns.map(numberColumn),
    rows: bars.time.length,
    notes: [note],
  };
}
