import { describe, expect, it } from 'vitest';
import { sparkline } from '#lib/chart/sparkline.ts';

const frame = { width: 100, height: 22, domain: [0, 10] } as const;

describe('a sparkline', () => {
  it('grows into its frame: x is that of the whole run', () => {
    const { paths, dot } = sparkline([{ x: [0, 5], y: [2, 1], role: 'own' }], null, frame);
    expect(paths).toEqual(['M0 2L50 20']);
    expect(dot).toEqual([50, 20]);
  });

  it('has its dot where the figure beside it is of, else at its end', () => {
    const line = { x: [1, 2, 3], y: [2, 1, 3], role: 'own' } as const;
    const parent = { x: [2], y: [9], role: 'parent' } as const;
    const dotAt = (at: number | null) => sparkline([parent, line], null, { ...frame, at }).dot?.[0];
    expect([dotAt(2), dotAt(null)]).toEqual([20, 30]);
  });

  it('shows the level with the lines, and each on one scale', () => {
    const { paths, level } = sparkline(
      [
        { x: [10], y: [3], role: 'parent' },
        { x: [5], y: [2], role: 'own' },
      ],
      1,
      frame,
    );
    expect(paths).toEqual(['M100 2', 'M50 11']);
    expect(level).toBe(20);
  });

  it('leaves out what is not finite and is nothing before its first point', () => {
    expect(sparkline([{ x: [1, 2], y: [NaN, Infinity], role: 'own' }], null, frame)).toEqual({
      paths: [''],
      level: null,
      dot: null,
    });
    expect(sparkline([], 0.5, frame)).toEqual({ paths: [], level: 11, dot: null });
  });

  it('keeps the loss of the first steps from flattening what follows', () => {
    const y = Array.from({ length: 50 }, (_, i) => (i === 0 ? 1000 : 1 - i / 100));
    const { paths } = sparkline([{ x: y.map((_, i) => i / 5), y, role: 'own' }], null, frame);
    const heights = [...paths[0].matchAll(/[ML]\S+ (\S+?)(?=L|$)/g)].map((match) => Number(match[1]));
    expect(heights[0]).toBeLessThan(0);
    expect(Math.max(...heights.slice(1)) - Math.min(...heights.slice(1))).toBeGreaterThan(15);
  });

  it('draws no more points than there are pixels', () => {
    const x = Float64Array.from({ length: 5000 }, (_, i) => i / 500);
    const { paths } = sparkline([{ x, y: x, role: 'own' }], null, frame);
    expect(paths[0].split('L').length).toBeLessThanOrEqual(101);
  });
});
