import { expect, it } from 'vitest';
import { parseNotebook } from '#core/notebook/parse.ts';
import { changedLines } from '#lib/run/changed-lines.ts';

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
