import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilterColumn } from '#core/query/filter-column.ts';
import type { FilterValue } from '#core/query/filter.ts';
import { toMatcher } from '#core/query/match-filter.ts';
import { parseFilter } from '#core/query/parse-filter.ts';
import { isTrueOf, type Said, toText } from './said-filter.ts';

const kinds: readonly FilterColumn[] = [
  { key: 'val.da', kind: 'number' },
  { key: 'train.seed', kind: 'number' },
  { key: 'model.architecture', kind: 'text' },
  { key: 'tag', kind: 'tags' },
  { key: 'created', kind: 'date' },
  { key: 'took', kind: 'seconds' },
  { key: 'state', kind: 'state', words: ['queued', 'running', 'completed', 'failed'] },
  { key: 'parent', kind: 'run' },
  { key: 'damaged', kind: 'truth' },
  { key: 'data.split.purge', kind: 'mixed' },
];
const columns = new Map(kinds.map((column) => [column.key, column]));
const now = Date.UTC(2026, 10, 30, 15, 30);

type Run = Readonly<Record<string, FilterValue>>;

/** The runs of these that a filter finds, by their places; the fault where it has one. */
function find(text: string, runs: readonly Run[]): readonly number[] | string {
  const { filter, fault } = parseFilter(text, columns, now);
  if (fault !== null) return `${fault.from}-${fault.to}: ${fault.message}`;
  if (filter === null) return runs.map((_, place) => place);
  const fits = toMatcher<Run>(filter, {
    valueOf: (key) => (run) => run[key] ?? null,
    hasWord: (word) => (run) =>
      String(run['name'] ?? '')
        .toLowerCase()
        .includes(word),
  });
  return runs.flatMap((run, place) => (fits(run) ? [place] : []));
}

describe('a filter', () => {
  const runs: readonly Run[] = [
    { name: 'First', 'val.da': 0.51, 'model.architecture': 'tcn', tag: ['old'], state: 'completed', took: 30, parent: null, damaged: false, created: Date.UTC(2026, 10, 1, 12), 'data.split.purge': 'auto' }, // prettier-ignore
    { name: 'Second', 'val.da': 0.53, 'model.architecture': 'MLP', tag: ['old', 'a b'], state: 'failed', took: 400, parent: 1, damaged: true, created: Date.UTC(2026, 10, 3, 23, 59), 'data.split.purge': 12 }, // prettier-ignore
    { name: 'second try', 'val.da': NaN, 'model.architecture': 'tcn', tag: [], state: 'running', took: 7300, parent: 12, damaged: false, created: Date.UTC(2026, 10, 30, 9), 'data.split.purge': 0 }, // prettier-ignore
    { name: 'Fourth', 'model.architecture': 'gru', state: 'queued', damaged: false, created: Date.UTC(2025, 5, 1) },
  ];

  it.each<readonly [string, readonly number[]]>([
    ['', [0, 1, 2, 3]],
    ['val.da > 0.52', [1]],
    ['val.da >= 51%', [0, 1]],
    ['0.5 <= val.da < 0.53', [0]],
    ['0.53 > val.da', [0]],
    ['val.da in 0.51..0.53', [0, 1]],
    ['val.da in ..0.52 or val.da in 0.53..', [0, 1]],
    ['val.da = nan', [2]],
    ['val.da = none', [3]],
    ['val.da is not none', [0, 1, 2]],
    ['not val.da > 0.52', [0, 2, 3]],
    ['val.da != 0.53', [0, 2, 3]],
    ['model.architecture = mlp', [1]],
    ['model.architecture in (TCN, "mlp",)', [0, 1, 2]],
    ['model.architecture NOT IN (tcn, mlp)', [3]],
    ['model.architecture ~ c', [0, 2]],
    ['model.architecture !~ c', [1, 3]],
    ['tag:old', [0, 1]],
    ['tag = "a b"', [1]],
    ['tag ~ "b"', [1]],
    ['tag is none', [2, 3]],
    ['not tag:old and model.architecture:tcn', [2]],
    ['state in (failed, running)', [1, 2]],
    ['damaged', [1]],
    ['not damaged and not tag:old', [2, 3]],
    ['damaged = no', [0, 2, 3]],
    ['created = 2026-11-03', [1]],
    ['created > 2026-11-03', [2]],
    ['created <= 2026-11-03', [0, 1, 3]],
    ['created < 2026-11-03', [0, 3]],
    ['created in 2026-11-01..2026-11-03', [0, 1]],
    ['created = 2026-11', [0, 1, 2]],
    ['created = 2025', [3]],
    ['created = today', [2]],
    ['created >= -7d', [2]],
    ['created >= 2026-11-03T23:59Z', [1, 2]],
    ['took > 5m', [1, 2]],
    ['took in 20..0.25h', [0, 1]],
    ['parent = R12', [2]],
    ['parent in (r1, 12)', [1, 2]],
    ['data.split.purge = auto', [0]],
    ['data.split.purge > 3', [1]],
    ['data.split.purge in (auto, 0)', [0, 2]],
    ['second', [1, 2]],
    ['second try', [2]],
    ['"second try" or first', [0, 2]],
    ['(first or fourth) damaged = false', [0, 3]],
    ['val.da > 0.5 or model.architecture = gru and tag:none', [0, 1, 3]],
    ['a && b', []],
  ])('%s', (text, expected) => {
    expect(find(text, runs)).toEqual(expected);
  });

  it.each<readonly [string, string]>([
    ['val.dda > 0.5', '0-7: There is no column val.dda. Did you mean val.da?'],
    ['tag:old and architecture = tcn', '12-24: There is no column architecture. Did you mean model.architecture?'],
    ['state = compleded', '8-17: state: expected one of queued, running, completed, failed, received compleded. Did you mean completed?'], // prettier-ignore
    ['val.da > much', '9-13: val.da: expected a number, as 0.52 or 1e-3, received much.'],
    ['created > 2026-02-31', '10-20: created: expected a day or a time in UTC, as 2026-11-03, 2026-11, today or -7d, received 2026-02-31.'], // prettier-ignore
    ['model.architecture > tcn', '21-24: model.architecture has no order: use =, ~ or in (…).'],
    ['val.da ~ 5', '9-10: val.da has no text to look in: use = or in, < or >.'],
    ['val.da >', '8-8: Expected a number, as 0.52 or 1e-3, and the filter ends here.'],
    ['val.da in 0.5', '10-13: Expected a list in parentheses or a range, as in (tcn, mlp) or in 0.5..0.6.'],
    ['tag:old &&', '10-10: Expected a condition, and the filter ends here.'],
    ['tag:old ||', '10-10: Expected a condition, and the filter ends here.'],
    ['|| a', '0-2: Expected a column or a word, received or.'],
    ['(tag:old', '0-1: This ( is not closed.'],
    ['tag:old)', '7-8: This ) closes nothing.'],
    ['tag:old and', '11-11: Expected a condition, and the filter ends here.'],
    ['and tag:old', '0-3: Expected a column or a word, received and.'],
    ['model.architecture in (tcn', '22-23: This ( is not closed.'],
    [`${'('.repeat(80)}a`, '64-65: Nested deeper than 64 levels.'],
    [`${'not '.repeat(80)}a`, '256-259: Nested deeper than 64 levels.'],
  ])('is refused with its place: %s', (text, fault) => {
    expect(find(text, runs)).toBe(fault);
  });

  it('never throws, whatever is written', () => {
    const pieces = fc.constantFrom('val.da', 'tag', '(', ')', '..', 'in', 'not', 'and', 'or', '=', '~', ':', '"', "'", ',', '1', '-7d', 'none', 'is', '\\', '!', '&', '<', 'x'); // prettier-ignore
    const texts = fc.oneof(fc.string(), fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(' ')), fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''))); // prettier-ignore
    fc.assert(
      fc.property(texts, (text) => {
        const { filter, fault } = parseFilter(text, columns, now);
        if (fault !== null) expect(fault.from >= 0 && fault.from <= fault.to && fault.to <= text.length).toBe(true);
        else expect(filter === null).toBe(text.trim() === '');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what a filter finds', () => {
  const number = fc.constantFrom(-1, 0, 0.5, 0.52, 1, 2, 12, 1e-3);
  const word = fc.constantFrom('tcn', 'mlp', 'TCN', 'a b', 'in', 'none', 'x..y', 'say "it"', '12', 'true');
  const day = fc.constantFrom('2026-11-03', '2026-11-04', '2026-12-01', '2026-11', '2026');
  const state = fc.constantFrom('queued', 'running', 'completed', 'failed');
  const values = {
    'val.da': fc.option(fc.oneof(number, fc.constant(NaN), fc.constant(Infinity))),
    'train.seed': fc.option(number),
    'model.architecture': fc.option(word),
    tag: fc.array(word, { maxLength: 2 }),
    created: fc.integer({ min: Date.UTC(2026, 10, 2), max: Date.UTC(2026, 11, 2) }),
    state,
    parent: fc.option(fc.constantFrom(1, 2, 12)),
    damaged: fc.boolean(),
    'data.split.purge': fc.option(fc.oneof(number, word, fc.boolean())),
    name: fc.constantFrom('First TCN', 'second', ''),
  };
  const run: fc.Arbitrary<Run> = fc.record(values);

  const side = fc.constantFrom('<', '<=', '>', '>=' as const);
  const leaf: fc.Arbitrary<Said> = fc.oneof(
    fc.record({ say: fc.constant('side' as const), column: fc.constantFrom('val.da', 'train.seed', 'parent', 'data.split.purge'), sign: side, value: number }), // prettier-ignore
    fc.record({ say: fc.constant('daySide' as const), column: fc.constant('created'), sign: side, value: day }),
    fc.record({ say: fc.constant('between' as const), column: fc.constantFrom('val.da', 'data.split.purge'), low: number, high: number, isClosed: fc.boolean() }), // prettier-ignore
    fc.record({ say: fc.constant('number' as const), column: fc.constantFrom('val.da', 'train.seed', 'parent', 'data.split.purge'), values: fc.array(number, { minLength: 1, maxLength: 3 }) }), // prettier-ignore
    fc.record({ say: fc.constant('text' as const), column: fc.constantFrom('model.architecture', 'tag', 'data.split.purge'), values: fc.array(word, { minLength: 1, maxLength: 3 }) }), // prettier-ignore
    fc.record({ say: fc.constant('text' as const), column: fc.constant('state'), values: fc.array(state, { minLength: 1, maxLength: 2 }) }), // prettier-ignore
    fc.record({ say: fc.constant('part' as const), column: fc.constantFrom('model.architecture', 'tag', 'data.split.purge'), text: word }), // prettier-ignore
    fc.record({ say: fc.constant('missing' as const), column: fc.constantFrom(...columns.keys()) }),
    fc.record({ say: fc.constant('truth' as const), column: fc.constantFrom('damaged', 'data.split.purge'), value: fc.boolean() }), // prettier-ignore
    fc.record({ say: fc.constant('word' as const), text: fc.constantFrom('tcn', 'first', 'none', 'sec') }),
  );
  const { said } = fc.letrec<{ said: Said }>((tie) => ({
    said: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.record({ say: fc.constantFrom('all' as const, 'any' as const), parts: fc.array(tie('said'), { minLength: 2, maxLength: 3 }) }), // prettier-ignore
      fc.record({ say: fc.constant('not' as const), part: tie('said') }),
    ),
  }));

  it('is what it says, read by the letter, however it is written', () => {
    const styles = fc.array(fc.nat(99), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(said, fc.array(run, { minLength: 1, maxLength: 8 }), styles, (one, runs, style) => {
        const text = toText(one, style);
        const expected = runs.flatMap((each, place) => (isTrueOf(one, each) ? [place] : []));
        expect([text, find(text, runs)]).toEqual([text, expected]);
      }),
      { numRuns: 1500 },
    );
  });
});
