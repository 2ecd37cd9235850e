import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forwardReturns } from '#core/targets/forward-returns.ts';
import { gappyMarket } from '#tests/core/features/bars.ts';

test('the return is that of the close h bars on, and missing at the end', () => {
  const bars = gappyMarket(50);
  const labels = forwardReturns(bars, 12);
  for (let i = 0; i < 38; i++) expect(labels[i]).toBe(Math.log(bars.close[i + 12] / bars.close[i]));
  expect(labels.subarray(38).every(Number.isNaN)).toBe(true);
});

test('no label crosses a break, whatever the horizon and the holes', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 118 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      (holes, h) => {
        const bars = gappyMarket(120, holes);
        const labels = forwardReturns(bars, h);
        labels.forEach((label, i) => {
          const whole = i + h < bars.time.length && bars.time[i + h] - bars.time[i] === h * bars.step;
          expect(Number.isNaN(label)).toBe(!whole);
        });
      },
    ),
    { numRuns: 60 },
  );
});
