import { expect, it } from 'vitest';
import { parseNotebook } from '#core/notebook/parse.ts';
import { changedLines } from '#lib/run/changed-lines.ts';
import { nextSeed, withSeed } from '#lib/run/next-seed.ts';
import { runDetail, runSummary } from '#tests/support/run-summary.ts';

const notebook = parseNotebook(`# Slower

\`\`\`yaml features
timeframes:
  1h:
    log_return: {period: 1}
    rsi: {period: 21}
  2h:
    rsi: {period: 14}
  4h:
    rsi: {period: 14}
    atr: {period: 14}
scaler: robust
\`\`\`
`);

it('marks the lines that differ, with what stood there and some lines around', () => {
  const { lines, rest } = changedLines(notebook, 'features', {
    'features.timeframes.1h.rsi.period': [14, 21],
    'features.scaler': ['standard', 'robust'],
  });
  expect(
    lines.map(({ text, before, skips }) => `${skips ? '⋮' : ''}${text.trim()}${before && ` # ${before}`}`),
  ).toEqual([
    'timeframes:',
    '1h:',
    'log_return: {period: 1}',
    'rsi: {period: 21} # 14',
    '2h:',
    'rsi: {period: 14}',
    '4h:',
    'rsi: {period: 14}',
    'atr: {period: 14}',
    'scaler: robust # standard',
  ]);
  expect(rest).toEqual({});
});

it('leaves lines far from any change out, and says where', () => {
  const { lines } = changedLines(notebook, 'features', { 'features.scaler': ['standard', 'robust'] });
  expect(lines.map(({ skips }) => skips)).toEqual([true, false, false, false]);
});

it('names what stands in no line: a key that is gone, a default, a cell that is not there', () => {
  const gone = { 'features.calendar.time_of_day': [true, null], 'features.warmup': [1, 2] } as const;
  expect(changedLines(notebook, 'features', gone)).toEqual({ lines: [], rest: gone });
  const loss = { 'loss.terms': [1, 2] } as const;
  expect(changedLines(notebook, 'loss', loss)).toEqual({ lines: [], rest: loss });
});

it('repeats a run with the seed after the highest of its repeats', () => {
  const seeded = (number: number, parent: string | null, seed: number) => ({
    ...runSummary({ id: `r${number}`, number, parent, changed: parent ? { 'train.seed': [1, seed] } : {} }),
    seed,
  });
  const runs = [seeded(1, null, 1), seeded(2, 'r1', 2), seeded(3, 'r1', 7), { ...seeded(4, 'r9', 20) }];
  const own = (id: string, parent: string | null, seed: unknown) =>
    runDetail({ id, parent, config: { train: { seed } } });
  expect(nextSeed(own('r1', null, 1), runs)).toBe(8);
  expect(nextSeed(own('r2', 'r1', 2), runs)).toBe(8);
  expect(nextSeed(own('r5', null, 3), [])).toBe(4);
  expect(nextSeed(own('r5', null, undefined), [])).toBeNull();
  expect(withSeed('```yaml train\nepochs: 3 # few\n```\n', 8)).toContain('epochs: 3 # few\nseed: 8');
});
