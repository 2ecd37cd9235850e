import { assertNever } from '#core/error.ts';
import type { Filter, FilterValue, ValueTest } from './filter.ts';

/** Where the values of runs are found; asked once a column, so that a run costs no search. */
interface ValueSource<Run> {
  /** What a run has under a column. Dates as ms UTC. */
  readonly valueOf: (column: string) => (run: Run) => FilterValue;
  /** Whether some text of a run has a word, given in small letters. */
  readonly hasWord: (word: string) => (run: Run) => boolean;
}

/** Whether a filter is true of a run. */
export function toMatcher<Run>(filter: Filter, source: ValueSource<Run>): (run: Run) => boolean {
  switch (filter.kind) {
    case 'all': {
      const parts = filter.parts.map((part) => toMatcher(part, source));
      return (run) => parts.every((fits) => fits(run));
    }
    case 'any': {
      const parts = filter.parts.map((part) => toMatcher(part, source));
      return (run) => parts.some((fits) => fits(run));
    }
    case 'not': {
      const fits = toMatcher(filter.part, source);
      return (run) => !fits(run);
    }
    case 'word':
      return source.hasWord(filter.text);
    case 'test':
      return toColumnMatcher(filter.tests, source.valueOf(filter.column));
    default:
      return assertNever(filter);
  }
}

function toColumnMatcher<Run>(tests: readonly ValueTest[], valueOf: (run: Run) => FilterValue): (run: Run) => boolean {
  const fits = (value: FilterValue) => tests.some((test) => isFitting(value, test));
  // Few texts stand under a column, each of them in many runs.
  const known = new Map<string, boolean>();
  return (run) => {
    const value = valueOf(run);
    if (typeof value !== 'string') return fits(value);
    const before = known.get(value);
    if (before !== undefined) return before;
    const now = fits(value);
    known.set(value, now);
    return now;
  };
}

function isFitting(value: FilterValue, test: ValueTest): boolean {
  if (test.is === 'missing') return value === null || (Array.isArray(value) && value.length === 0);
  if (Array.isArray(value)) return value.some((member: string) => isFitting(member, test));
  switch (test.is) {
    case 'text':
      return typeof value === 'string' && value.toLowerCase() === test.text;
    case 'part':
      return typeof value === 'string' && value.toLowerCase().includes(test.text);
    case 'truth':
      return value === test.value;
    case 'notNumber':
      return Number.isNaN(value);
    case 'range':
      return typeof value === 'number' && isInRange(value, test);
    default:
      return assertNever(test);
  }
}

function isInRange(value: number, { low, high, isLowOpen, isHighOpen }: Extract<ValueTest, { is: 'range' }>): boolean {
  return (isLowOpen ? value > low : value >= low) && (isHighOpen ? value < high : value <= high);
}
