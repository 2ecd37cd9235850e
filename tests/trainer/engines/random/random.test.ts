import { describe, expect, it } from 'vitest';
import { drawMask, openDraw } from '#trainer/engines/random/mask.ts';
import { bits, normal, openStream, permutation, uniform } from '#trainer/engines/random/random.ts';

const count = 100_000;
const indices = Array.from({ length: count }, (_, i) => i);

describe('counter-based random numbers', () => {
  it('never change: saved runs must resume on later versions', () => {
    const stream = openStream(1, 'shuffle', 2, 3);
    expect([0, 1, 2, 1_000_000].map((i) => bits(stream, i))).toMatchInlineSnapshot(`
      [
        1955439545,
        777658389,
        1325669819,
        2564456422,
      ]
    `);
    expect([...permutation(stream, 8)]).toMatchInlineSnapshot(`
      [
        7,
        5,
        3,
        0,
        1,
        6,
        2,
        4,
      ]
    `);
  });

  it('are uniform, bit by bit', () => {
    const stream = openStream(1, 'init', 0);
    for (let bit = 0; bit < 32; bit++) {
      const ones = indices.reduce((sum, i) => sum + ((bits(stream, i) >>> bit) & 1), 0);
      // Five standard deviations of a fair coin.
      expect(Math.abs(ones - count / 2), `bit ${bit}`).toBeLessThan((5 * Math.sqrt(count)) / 2);
    }
    const mean = indices.reduce((sum, i) => sum + uniform(stream, i), 0) / count;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.005);
  });

  it('of streams that differ in seed, purpose or counter are unrelated', () => {
    const streams = [
      openStream(1, 'init', 0),
      openStream(2, 'init', 0),
      openStream(1, 'shuffle', 0),
      openStream(1, 'init', 1),
      openStream(1, 'init', 0, 0),
      openStream(1, 'init', 0, 1),
    ];
    streams.forEach((a, n) =>
      streams.slice(n + 1).forEach((b) => {
        const product = indices.reduce((sum, i) => sum + (uniform(a, i) - 0.5) * (uniform(b, i) - 0.5), 0);
        expect(Math.abs((product * 12) / count)).toBeLessThan(0.016);
      }),
    );
  });

  it('have neighbours that are unrelated', () => {
    const stream = openStream(7, 'dropout', 0);
    const product = indices.reduce((sum, i) => sum + (uniform(stream, i) - 0.5) * (uniform(stream, i + 1) - 0.5), 0);
    expect(Math.abs((product * 12) / count)).toBeLessThan(0.016);
  });

  it('are normal with mean 0 and variance 1', () => {
    const stream = openStream(1, 'init', 5);
    const values = indices.map((i) => normal(stream, i));
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / count;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(moment(4)).toBeGreaterThan(2.8);
    expect(moment(4)).toBeLessThan(3.2);
  });

  it('permute: every index once, every place as likely', () => {
    expect([...permutation(openStream(1, 'shuffle', 0), 1000)].sort((a, b) => a - b)).toEqual(indices.slice(0, 1000));
    const first = new Array<number>(5).fill(0);
    for (let epoch = 0; epoch < 5000; epoch++) first[permutation(openStream(1, 'shuffle', epoch), 5)[0]]++;
    // Five standard deviations of a binomial of 5000 at 1/5.
    first.forEach((times) => expect(Math.abs(times - 1000)).toBeLessThan(5 * Math.sqrt(800)));
  });
});

/** The mask of (seed, step, layer). */
function maskOf(seed: number, step: number, layer: number, rate: number, size: number): Float32Array {
  return drawMask(openDraw(seed, step, layer, rate), size);
}

describe('drawMask', () => {
  it('is the hash of its counters: zero below the rate, else 1/(1−rate)', () => {
    const stream = openStream(3, 'dropout', 11, 2);
    const mask = maskOf(3, 11, 2, 0.25, 5000);
    mask.forEach((value, i) => {
      expect(value).toBe(uniform(stream, i) < 0.25 ? 0 : Math.fround(4 / 3));
    });
    expect(mask.reduce((sum, value) => sum + value, 0) / 5000).toBeCloseTo(1, 1);
  });

  it('differs between steps and layers', () => {
    const masks = [maskOf(3, 11, 2, 0.5, 64), maskOf(3, 12, 2, 0.5, 64), maskOf(3, 11, 3, 0.5, 64)];
    expect(new Set(masks.map(String)).size).toBe(3);
  });
});
