import * as Plot from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import { hour } from '#core/time/timeframe.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { pricePlot } from '#lib/chart/price-plot.ts';

const bars = sampleMarket({ bars: 1000 });
const [first] = bars.time;
const splits = { validationFrom: first + 700 * hour, testFrom: first + 845 * hour, until: null, isSealed: true };

function draw(over: Partial<typeof splits> | { until: number }, from = 0, to = 1000, width = 1200) {
  const frame = {
    width,
    height: 240,
    domain: [first + from * hour, first + to * hour] as const,
    log: false,
    isWhole: false,
  };
  const plot = Plot.plot({ ...pricePlot(bars, { ...splits, ...over }, frame), width, height: 240 });
  return {
    titles: [...plot.querySelectorAll('title')].map((title) => title.textContent),
    words: [...plot.querySelectorAll('text')].map((text) => text.textContent),
    rules: plot.querySelectorAll('g[aria-label="rule"] line').length,
    hatch: plot.querySelector('[data-sealed]')?.getAttribute('d') ?? null,
  };
}

describe('bands of the splits', () => {
  it('begin at the boundaries, say when, and hatch the sealed test', () => {
    const { titles, words, rules, hatch } = draw({});
    expect(titles).toEqual([
      'train to 2018-01-30 04:00 UTC',
      'validation from 2018-01-30 04:00 to 2018-02-05 05:00 UTC',
      'test from 2018-02-05 05:00 to 2018-02-11 16:00 UTC',
    ]);
    expect(words).toEqual(expect.arrayContaining(['train']));
    expect(words.some((word) => word?.startsWith('validation'))).toBe(true);
    expect(rules).toBe(2);
    // Lines at 45 degrees, all of them inside the picture.
    const numbers = [...(hatch ?? '').matchAll(/M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)/g)].map((line) =>
      line.slice(1).map(Number),
    );
    expect(numbers.length).toBeGreaterThan(20);
    for (const [x1, y1, x2, y2] of numbers) {
      expect(x2 - x1).toBeCloseTo(y1 - y2, 6);
      for (const x of [x1, x2]) expect(x).toBeGreaterThan(900);
      for (const y of [y1, y2]) expect(y).toBeLessThanOrEqual(240);
    }
  });

  it('hatch nothing once the test is open', () => {
    expect(draw({ isSealed: false }).hatch).toBeNull();
  });

  it('end at `until`, and where the bars do', () => {
    expect(draw({ until: first + 900 * hour }).titles.at(-1)).toBe(
      'test from 2018-02-05 05:00 to 2018-02-07 12:00 UTC',
    );
    expect(draw({ until: first + 2000 * hour }).titles).toEqual(draw({}).titles);
  });

  it('say the whole where there is room, the name where there is less, and nothing where there is none', () => {
    expect(draw({}, 690, 1000).words).toEqual(
      expect.arrayContaining(['validation from 2018-01-30 04:00', 'test from 2018-02-05 05:00, sealed']),
    );
    expect(draw({}, 0, 1000, 700).words).toEqual(expect.arrayContaining(['train', 'validation', 'test']));
    expect(draw({}, 0, 1000, 300).words).not.toContain('validation');
  });

  it('of splits outside of the view are not drawn', () => {
    const { titles, rules, hatch } = draw({}, 100, 600);
    expect([titles, rules, hatch]).toEqual([['train to 2018-01-30 04:00 UTC'], 0, null]);
  });
});
