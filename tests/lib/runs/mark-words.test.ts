import { expect, it } from 'vitest';
import { markWords } from '#lib/runs/mark-words.ts';

it('cuts a line at the words that were looked for, in any case, and loses nothing of it', () => {
  const pieces = markWords('features.timeframes.1h.rsi.period: 21 (RSI)', 'RSI.period=21 (');
  expect(pieces.filter(({ marked }) => marked).map(({ text }) => text)).toEqual(['rsi.period', '21', '(']);
  expect(pieces.map(({ text }) => text).join('')).toBe('features.timeframes.1h.rsi.period: 21 (RSI)');
  expect(markWords('a', ' ')).toEqual([{ text: 'a', marked: false }]);
});
