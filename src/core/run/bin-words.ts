import { formatBytes } from '#core/bytes.ts';
import { countWords } from '#core/count-words.ts';

/** What a person is told before the bin is emptied. */
export function binWords({ runs, bytes }: { readonly runs: number; readonly bytes: number }): string {
  const them = runs === 1 ? 'It goes' : 'They go';
  const theirs = runs === 1 ? 'its' : 'their';
  return (
    `The bin holds ${countWords(runs, 'run')}, ${formatBytes(bytes)}. ${them} for good, with ${theirs} files, figures, names ` +
    `and notes; that ${theirs} test was looked at stays known.`
  );
}
