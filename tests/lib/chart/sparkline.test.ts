import { describe, expect, it } from 'vitest';
import { sparkline } from '#lib/chart/sparkline.ts';

const frame = { width: 100, height: 22, domain: [0, 10] } as const;

describe('a sparkline', () => {
  it('grows into its frame: x is that of the whole run', () => {
    const { paths, end } = sparkline([{ x: [0, 5], y: [2, 1], role: 'own' }], null, frame);
    expect(paths).toEqual(['M0 2L50 20']);
    expect(end).toEqual([50, 20]);
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
      end: null,
    });
    expect(sparkline([], 0.5, frame)).toEqual({ paths: [], level: 11, end: null });
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
