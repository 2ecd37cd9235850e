import type { RowCount } from '#core/dataset/lost-rows.ts';
import type { RowPart } from '#lib/chart/row-plot.ts';

/** A part of the rows and what became of it. */
interface NamedPart extends RowPart {
  /** In words, on hover. */
  readonly about: string;
}

const looks: Readonly<Record<keyof RowCount, Omit<NamedPart, 'count'>>> = {
  kept: { label: 'kept', fill: 'var(--series-1)', about: 'samples of all splits' },
  gaps: {
    label: 'gaps',
    fill: 'var(--series-2)',
    about: 'features, windows and labels that begin afresh behind a gap',
  },
  warmup: { label: 'warm-up', fill: 'var(--series-5)', about: 'without a settled value of every feature' },
  window: { label: 'window', fill: 'var(--series-4)', about: 'with fewer bars behind them than model.lookback' },
  unlabelled: {
    label: 'without a label',
    fill: 'var(--series-6)',
    about: 'the last ones, within targets.horizon of the end',
  },
  purge: {
    label: 'purge',
    fill: 'var(--series-3)',
    about: 'before a boundary, with a label that would look across, or in the embargo behind it',
  },
  after: { label: 'after the end', fill: 'var(--line-strong)', about: 'from data.split.until on' },
};

/** Where the rows went: kept first, then what was lost, leaving out what lost none. */
export function rowParts(rows: RowCount): readonly NamedPart[] {
  const names = ['kept', 'gaps', 'warmup', 'window', 'unlabelled', 'purge', 'after'] as const;
  return names
    .map((name) => ({ ...looks[name], count: rows[name] }))
    .filter(({ count, label }) => count > 0 || label === 'kept');
}
