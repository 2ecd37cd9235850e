import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import { formatCount } from '#lib/ui/format.ts';

/** One count of the cleaning, for a person. */
interface CleaningFigure {
  readonly label: string;
  readonly value: string;
  readonly tone: 'plain' | 'warn';
  readonly about: string;
}

/** Rows, bars and gaps always; every other step of the cleaning where it did something. */
export function cleaningFigures(report: CleaningReport): readonly CleaningFigure[] {
  const plain = (label: string, count: number, about: string): CleaningFigure => ({
    label,
    value: formatCount(count),
    tone: 'plain',
    about,
  });
  const dropped = (label: string, count: number, about: string): CleaningFigure[] =>
    count > 0 ? [{ label, value: formatCount(count), tone: 'warn', about }] : [];
  return [
    plain('rows read', report.rowsRead, 'rows of the source'),
    plain('bars', report.bars, `in ${formatCount(report.segments)} contiguous stretches`),
    {
      label: 'gaps',
      value: report.gaps === 0 ? '0' : `${formatCount(report.gaps)}, ${formatCount(report.missingBars)} bars missing`,
      tone: 'plain',
      about: `longest ${formatCount(report.longestGap)} bars; ${formatCount(report.closures)} regular closures are no gaps`,
    },
    ...dropped(
      'duplicates',
      report.identicalDuplicates + report.conflictingDuplicates,
      `${formatCount(report.conflictingDuplicates)} of them with other values: the last was kept`,
    ),
    ...dropped('invalid rows', report.invalidRows, 'dropped: prices not positive, or high below low'),
    ...dropped('unreadable times', report.unparsableTime, 'rows dropped'),
    ...dropped('out of order', report.inversions, 'neighbouring rows, sorted'),
    ...dropped('off the grid', report.offGrid, 'rows dropped: not on the base step'),
    ...dropped('outside range', report.outsideRange, 'rows dropped by data.range'),
    ...dropped('without volume', report.missingVolume, 'counted as 0'),
    ...dropped('filled', report.filledBars, 'bars made up by the policy fill'),
    ...dropped('ambiguous times', report.ambiguousTime, 'local times that occur twice when the clock is set back'),
  ];
}
