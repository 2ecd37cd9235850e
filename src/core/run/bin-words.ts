import { formatBytes } from '#core/bytes.ts';
import { countWords } from '#core/count-words.ts';

interface BinWeight {
  readonly runs: number;
  /** Only the page's bin holds notebooks too. */
  readonly notebooks?: number;
  readonly bytes: number;
}

/** What lies in a bin, counted: "2 runs and 1 notebook". */
export function binCounts({ runs, notebooks = 0 }: Omit<BinWeight, 'bytes'>): string {
  const parts = [
    ...(runs > 0 || notebooks === 0 ? [countWords(runs, 'run')] : []),
    ...(notebooks > 0 ? [countWords(notebooks, 'notebook')] : []),
  ];
  return parts.join(' and ');
}

/** What a person is told before the bin is emptied. */
export function binWords({ runs, notebooks = 0, bytes }: BinWeight): string {
  const isOne = runs + notebooks === 1;
  const gone = `The bin holds ${binCounts({ runs, notebooks })}, ${formatBytes(bytes)}. ${isOne ? 'It goes' : 'They go'} for good`;
  if (runs === 0) return `${gone}.`;
  if (notebooks > 0) return `${gone}; that a run’s test was looked at stays known.`;
  const theirs = isOne ? 'its' : 'their';
  return `${gone}, with ${theirs} files, figures, names and notes; that ${theirs} test was looked at stays known.`;
}
