import * as Plot from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import { type LineSeries, linePlot, tableOfLines } from '#lib/chart/line-plot.ts';
import { toCsv } from '#lib/chart/table.ts';

const layout = { xLabel: 'step', time: false, marks: [] };
const frame = { width: 600, height: 180, domain: [0, 999_999] as const, log: false };

describe('line chart', () => {
  it('draws a million points from a few thousand, extremes included', () => {
    const x = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
    const y = Float64Array.from(x, (i) => Math.sin(i / 1000));
    y[123_456] = 7;
    const plot = Plot.plot(linePlot([{ label: 'loss', x, y }], layout, frame));
    const path = plot.querySelector('g[aria-label="line"] path')?.getAttribute('d') ?? '';
    const points = path.split('L').length;
    expect(points).toBeGreaterThan(500);
    expect(points).toBeLessThan(4 * 600 + 3);
    expect(plot.textContent).toContain('7');
  });

  it('gives the stored values, not the smoothed ones, to table and CSV', () => {
    const series: LineSeries[] = [
      { label: 'train', x: [1, 2, 3], y: [9, 9, 9], raw: [0.5, 0.4, 0.3] },
      { label: 'validation', x: [2], y: [0.45] },
    ];
    expect(toCsv(tableOfLines(series, 'step', false))).toBe('step,train,validation\n1,0.5,\n2,0.4,0.45\n3,0.3,\n');
  });

  it('defuses cells that a spreadsheet would run', () => {
    expect(toCsv({ columns: ['name'], rows: [['=1+1'], ['a,"b"']] })).toBe('name\n\'=1+1\n"a,""b"""\n');
  });
});
