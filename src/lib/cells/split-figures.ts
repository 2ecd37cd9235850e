import type { Boundaries } from '#core/bars/boundaries.ts';
import type { DatasetReport } from '#core/dataset/dataset.ts';
import { formatBoundary } from '#lib/chart/split-bands.ts';
import { formatCount } from '#lib/ui/format.ts';

interface SplitFigure {
  readonly label: string;
  readonly value: string;
  readonly about: string;
}

type Counted = Pick<DatasetReport, 'samples' | 'purged' | 'embargoed'> & Partial<Pick<DatasetReport, 'afterUntil'>>;

/** Where each split begins, with its samples once they are counted, and what was given up between them. */
export function splitFigures(boundaries: Boundaries | null, report: Counted | null): readonly SplitFigure[] {
  const splits = [
    { label: 'train', place: (at: Boundaries) => `to ${formatBoundary(at.validationFrom)}` },
    { label: 'validation', place: (at: Boundaries) => `from ${formatBoundary(at.validationFrom)}` },
    {
      label: 'test',
      place: ({ testFrom, until }: Boundaries) =>
        `from ${formatBoundary(testFrom)}${until === null ? '' : ` to ${formatBoundary(until)}`}`,
    },
  ] as const;
  const figures = splits.map(({ label, place }) => ({
    label,
    value: [...(report ? [formatCount(report.samples[label])] : []), ...(boundaries ? [place(boundaries)] : [])].join(
      ', ',
    ),
    about: `${report ? 'samples, and ' : ''}opening time of the first bar ${label === 'train' ? 'behind it' : 'of it'}, UTC`,
  }));
  const given = (label: string, count: number | undefined, about: string) =>
    count ? [{ label, value: formatCount(count), about }] : [];
  return [
    ...figures.filter(({ value }) => value !== ''),
    ...(report
      ? [
          {
            label: 'purged',
            value: formatCount(report.purged),
            about: 'samples dropped before boundaries, whose labels would look across',
          },
        ]
      : []),
    ...given('embargoed', report?.embargoed, 'samples dropped after boundaries, by data.split.embargo'),
    ...given('in no split', report?.afterUntil, 'rows from data.split.until on'),
  ];
}
