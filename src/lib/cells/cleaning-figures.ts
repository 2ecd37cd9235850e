import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import { formatCount, formatCounted } from '#lib/ui/format.ts';

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
    plain('bars', report.bars, `in ${formatCounted(report.segments, 'contiguous stretch', 'contiguous stretches')}`),
    {
      label: 'gaps',
      value:
        report.gaps === 0 ? '0' : `${formatCount(report.gaps)}, ${formatCounted(report.missingBars, 'bar')} missing`,
      tone: 'plain',
      about: `longest ${formatCounted(report.longestGap, 'bar')}; closures, which are no gaps: ${formatCount(report.closures)}`,
    },
    ...(report.closures > 0 ? [plain('closures', report.closures, `no gaps; ${report.calendar}`)] : []),
    ...(report.untraded > 0
      ? [
          plain(
            'without trades',
            report.untradedBars,
            `bars in ${formatCounted(report.untraded, 'absence')}; the file lists only bars with trades, so they break nothing`,
          ),
        ]
      : []),
    ...(report.symbol === null
      ? []
      : [{ label: 'symbol', value: report.symbol, tone: 'plain', about: 'instrument' } as const]),
    ...dropped(
      'of other instruments',
      report.otherInstruments,
      'rows left out: data.symbol chooses one instrument of a file that holds several',
    ),
    ...dropped(
      'outliers',
      report.outliers,
      'bars with a price far off its neighbours; data.outliers says what is done',
    ),
    ...dropped(
      'standing still',
      report.standstillBars,
      `bars in ${formatCounted(report.standstills, 'stretch', 'stretches')} without volume and movement, perhaps an outage`,
    ),
    ...dropped(
      'duplicates',
      report.identicalDuplicates + report.conflictingDuplicates,
      `${formatCount(report.conflictingDuplicates)} of them with other values: the last was kept`,
    ),
    ...dropped('invalid rows', report.invalidRows, 'dropped: prices not positive, or high below low'),
    ...dropped('unreadable times', report.unparsableTime, 'rows dropped'),
    ...dropped('out of order', report.inversions, 'neighbouring rows, sorted'),
    ...dropped('far away', report.strayRows, 'rows dropped: more than a year from all others'),
    ...dropped('repaired times', report.repairedTimes, 'impossible as written, repaired with certainty'),
    ...dropped('off the grid', report.offGrid, 'rows dropped: not on the base step'),
    ...dropped('outside range', report.outsideRange, 'rows dropped by data.range'),
    ...dropped('without volume', report.missingVolume, 'counted as 0'),
    ...dropped('filled', report.filledBars, 'bars made up by the policy fill'),
    ...dropped('ambiguous times', report.ambiguousTime, 'local times that occur twice when the clock is set back'),
  ];
}
