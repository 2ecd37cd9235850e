import * as Plot from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import type { ChartFrame } from '#lib/chart/chart-frame.ts';
import { linePlot } from '#lib/chart/line-plot.ts';
import type { LineSeries } from '#lib/chart/line-series.ts';
import { tableOfLines } from '#lib/chart/line-table.ts';
import { toCsv } from '#lib/chart/table.ts';
import { valueAxis } from '#lib/chart/x-axis.ts';
import { runAxis } from '#lib/run/run-axis.ts';

const axis = valueAxis('step');
const layout = { axis };
const frame: ChartFrame = { width: 600, height: 180, domain: [0, 999_999], log: false, isWhole: false };
const run = runAxis('epoch', { epochs: 10, steps: 960, batch: 256, startedAt: 0, endsAt: 60_000 });

const draw = (series: readonly LineSeries[], more: Partial<ChartFrame> = {}, own = {}) => {
  const { options, outside } = linePlot(series, { ...layout, ...own }, { ...frame, ...more });
  return { plot: Plot.plot({ ...options, width: more.width ?? frame.width, height: frame.height }), outside };
};
const texts = (plot: Element) => [...plot.querySelectorAll('text')].map((text) => text.firstChild?.textContent ?? '');

/** As a training of ten epochs: the loss falls from 8 and then wanders. */
const steps = Array.from({ length: 120 }, (_, i) => 8 * (i + 1));
const loss: LineSeries = {
  label: 'train',
  role: 'train',
  x: steps.map((step) => step / 96),
  y: steps.map((step) => 0.97 + 0.02 * Math.sin(step) + 7 * Math.exp(-step / 30)),
  step: steps,
};
const epochs = { domain: [0, 10] as const };

describe('line chart', () => {
  it('draws a million points from a few thousand, extremes included', () => {
    const x = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
    const y = Float64Array.from(x, (i) => Math.sin(i / 1000));
    y[123_456] = 7;
    const { plot, outside } = draw([{ label: 'loss', x, y }], { isWhole: true });
    const path = plot.querySelector('g[aria-label="line"] path')?.getAttribute('d') ?? '';
    const points = path.split('L').length;
    expect(points).toBeGreaterThan(500);
    // Two and a half for a pixel column, at most.
    expect(points).toBeLessThan(2.5 * 600 + 3);
    expect(Math.max(...(plot.scale('y')?.domain ?? []))).toBeGreaterThanOrEqual(7);
    expect(outside).toBeNull();
  });

  it('is not scaled by the first steps, says how many points lie outside, and shows them when asked', () => {
    const fitted = draw([loss], epochs);
    expect(Math.max(...(fitted.plot.scale('y')?.domain ?? []))).toBeLessThan(1.3);
    const [, top = 0] = fitted.plot.scale('y')?.domain ?? [];
    const above = Array.from(loss.y).filter((value) => value > top).length;
    expect(fitted.outside).toEqual({ above: true, below: false, count: above });
    expect(fitted.plot.querySelectorAll('g[aria-label="dot"] path').length).toBeGreaterThan(0);
    const whole = draw([loss], { ...epochs, isWhole: true });
    expect(Math.max(...(whole.plot.scale('y')?.domain ?? []))).toBeGreaterThan(6);
    expect(whole.outside).toBeNull();
    expect(draw([loss], epochs, { isExact: true }).outside).toBeNull();
  });

  it('keeps its newest points, its levels and its marks in the frame', () => {
    const away = { ...loss, y: Array.from(loss.y, (value, i) => (i === 119 ? 40 : value)) };
    const own = { levels: [{ label: 'zero', y: 0.5 }], marks: [{ x: 3, y: 2, label: 'best' }] };
    const [low = NaN, high = NaN] = draw([away], epochs, own).plot.scale('y')?.domain ?? [];
    expect(low).toBeLessThanOrEqual(0.5);
    expect(high).toBeGreaterThanOrEqual(40);
  });

  it('marks what is not finite at the edge, and draws no line over it', () => {
    const y = [1, 1.1, NaN, 1.2, Infinity, 1.1, -Infinity, 1];
    const { plot } = draw([{ label: 'loss', x: y.map((_, i) => i), y }], { domain: [0, 7] });
    const signs = texts(plot).filter((text) => ['×', '∞'].includes(text));
    expect(signs.toSorted()).toEqual(['×', '∞', '∞']);
    expect(plot.querySelector('g[aria-label="line"] path')?.getAttribute('d')?.split('M')).toHaveLength(5);
  });

  it('says of a logarithmic axis what cannot stand on it', () => {
    const { outside, plot } = draw([{ label: 'loss', x: [0, 1, 2], y: [1, 0, 2] }], { domain: [0, 2], log: true });
    expect(outside).toEqual({ above: false, below: true, count: 1 });
    expect(Math.min(...(plot.scale('y')?.domain ?? []))).toBeGreaterThan(0);
  });

  it('has whole epochs on its axis from the first to the last planned one, however few have come', () => {
    const early = { ...loss, x: Array.from(loss.x).slice(0, 5), y: Array.from(loss.y).slice(0, 5) };
    for (const width of [300, 430]) {
      const { plot } = draw([early], { ...epochs, width }, { axis: run });
      const ticks = [...plot.querySelectorAll('g[aria-label="x-axis tick label"] text')].map(
        (tick) => tick.textContent,
      );
      expect(ticks).toEqual(['0', '2', '4', '6', '8', '10']);
    }
  });

  it('names lines and levels at their ends where there is room, none over another', () => {
    const flat = { label: 'validation', role: 'validation', x: [1, 10], y: [0.96, 0.97] } as const;
    const named = { axis: run, levels: [{ label: 'majority', y: 0.972 }] };
    const { plot } = draw([loss, flat], { ...epochs, width: 430 }, named);
    const labels = [...plot.querySelectorAll('g.end-label')];
    expect(labels.map((label) => label.textContent)).toEqual(['train', 'validation', 'majority']);
    const heights = labels.map((label) => Number(/,(-?[\d.]+)\)/.exec(label.getAttribute('transform') ?? '')?.[1]));
    const sorted = heights.toSorted((a, b) => a - b);
    for (const [k, height] of sorted.entries()) if (k > 0) expect(height - (sorted[k - 1] ?? 0)).toBeGreaterThan(12);
    expect(texts(draw([loss, flat], { ...epochs, width: 300 }, named).plot)).not.toContain('validation');
  });

  it('draws the best of a chart as a dot with its own value', () => {
    const { plot } = draw([loss], epochs, { marks: [{ x: 3, y: 0.5123, label: 'best' }] });
    expect(texts(plot)).toContain('best 0.5123');
    expect(Math.min(...(plot.scale('y')?.domain ?? []))).toBeLessThanOrEqual(0.5123);
    const none = draw([loss], epochs, { marks: [{ x: 3, y: null, label: 'best' }] }).plot;
    expect(texts(none).some((text) => text.startsWith('best'))).toBe(false);
  });

  it('draws the smoothed line over the measured one', () => {
    const smoothed = { ...loss, smooth: Array.from(loss.y, () => 1) };
    const lines = draw([smoothed], epochs).plot.querySelectorAll('g[aria-label="line"]');
    expect([...lines].map((line) => line.querySelector('g')?.getAttribute('stroke-opacity') ?? null)).toEqual([
      '0.3',
      null,
    ]);
  });
});

describe('the table of a line chart', () => {
  it('has the stored values, not the smoothed ones, in full and with the minus of programs', () => {
    const series: LineSeries[] = [
      { label: 'train', x: [1, 2, 3], y: [0.5, -0.1234567890123, Infinity], smooth: [9, 9, 9] },
      { label: 'validation', x: [2], y: [NaN] },
    ];
    expect(toCsv(tableOfLines(series, axis))).toBe(
      'step,train,validation\n1,0.5,\n2,-0.1234567890123,NaN\n3,Infinity,\n',
    );
  });

  it('has the values of one step of a run in one row, with its epoch and its time, whatever x is', () => {
    const time = [1000, 2000];
    const series: LineSeries[] = [
      { label: 'train', role: 'train', x: [48_000, 96_000], y: [2, 1], step: [48, 96], time },
      { label: 'validation', role: 'validation', x: [96_100], y: [3], step: [96], time: [2100] },
      { label: 'R1', role: 'parent', x: [95_000], y: [4], step: [96] },
    ];
    expect(tableOfLines(series, run)).toEqual({
      columns: ['step', 'epoch', 'time', 'train', 'validation'],
      rows: [
        [48, 0.5, '1970-01-01T00:00:01.000Z', 2, ''],
        [96, 1, '1970-01-01T00:00:02.000Z', 1, 3],
      ],
    });
  });

  it('keeps both readings of one step, and those without a step', () => {
    const step = [NaN, 5, 5];
    const { rows } = tableOfLines([{ label: 'CPU', x: [1, 2, 3], y: [7, 8, 9], step, time: [1, 2, 3] }], run);
    expect(rows.map((row) => row.at(-1))).toEqual([7, 8, 9]);
  });

  it('has the newest rows where those are wanted, whole', () => {
    const step = Array.from({ length: 1000 }, (_, i) => i + 1);
    const series: LineSeries[] = [
      { label: 'train', x: step, y: step.map((one) => one / 10), step },
      { label: 'validation', x: [100, 999], y: [7, 8], step: [100, 999] },
    ];
    const all = tableOfLines(series, axis);
    expect(all.rows).toHaveLength(1000);
    expect(tableOfLines(series, axis, 3)).toEqual({ columns: all.columns, rows: all.rows.slice(-3) });
    // Three readings of the same step are three rows, whichever is asked for.
    const paused: LineSeries[] = [{ label: 'CPU', x: [1, 2, 2, 2], y: [5, 6, 7, 8], step: [1, 2, 2, 2] }];
    expect(tableOfLines(paused, axis, 2).rows.map((row) => row.at(-1))).toEqual([7, 8]);
  });

  it('defuses cells that a spreadsheet would run', () => {
    expect(toCsv({ columns: ['name'], rows: [['=1+1'], ['a,"b"']] })).toBe('name\n\'=1+1\n"a,""b"""\n');
  });
});
