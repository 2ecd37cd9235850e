import { expect, it } from 'vitest';
import { envelopeWords } from '#core/run/envelope-words.ts';

const rows = {
  ...{ key: 'k', rows: 6803, horizon: 12 },
  ...{ from: Date.parse('2022-04-17'), to: Date.parse('2022-10-19') },
};
const look = { id: 'a', number: 7, at: '2026-11-12T09:00:00.000Z', by: null, same: true };
const say = (looks: readonly (typeof look)[], after = 0, self = false) =>
  envelopeWords(rows, { looks: [...looks], after, self }).join(' ');

it('says which rows they are, who saw them and how many runs came after', () => {
  expect(say([])).toBe('6,803 rows, 17 Apr to 19 Oct 2022. Nobody has opened these rows.');
  expect(say([look], 5, true)).toBe(
    '6,803 rows, 17 Apr to 19 Oct 2022. These rows were opened once: R7, on 12 Nov 2026. ' +
      'Five runs came after that look, this one among them.',
  );
  expect(envelopeWords(null, { looks: [], after: 0, self: false })).toEqual([]);
});

it('does not call rows unseen that were seen under another split or other labels', () => {
  const other = { ...look, same: false };
  expect(say([other])).toContain('Some of these rows were, under another split or other labels, opened once: R7');
  expect(say([look, other])).toContain(
    'These rows, or some of them under another split or other labels, were opened twice, first through R7',
  );
});
