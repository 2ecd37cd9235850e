import { describe, expect, it } from 'vitest';
import { smooth } from '#core/chart/smooth.ts';
import { linePlot } from '#lib/chart/line-plot.ts';
import { bestPlace, curvesOf, isHidden } from '#lib/run/curves.ts';
import { type CurveAxis, runAxis } from '#lib/run/run-axis.ts';

const axis = (of: CurveAxis) => runAxis(of, { epochs: 10, steps: 100, batch: 32, startedAt: 1000, endsAt: 61_000 });
const columnOf = (step: readonly number[], value: readonly number[]) => ({
  step: Float64Array.from(step),
  epoch: Float64Array.from(step, (one) => one / 10),
  value: Float64Array.from(value),
  time: Float64Array.from(step, (one) => 1000 + 100 * one),
});
const two = columnOf([1, 2], [3, 4]);

describe('curves', () => {
  it('are of what a run has and of nothing else', () => {
    const titles = (names: string[]) =>
      curvesOf({ names, columnOf: () => two, axis: axis('epoch') }).map(({ title }) => title);
    expect(titles([])).toEqual([]);
    expect(titles(['train.loss', 'lr'])).toEqual(['loss', 'learning rate']);
    expect(titles(['train.loss', 'train.ret.loss', 'val.da'])).toEqual(['loss', 'directional accuracy']);
    expect(titles(['train.ret.loss', 'train.dir.loss'])).toEqual(['ret loss', 'dir loss']);
  });

  it('have the strongest naive forecast as a level once it is known', () => {
    const names = ['val.da', 'val.f1'];
    const baselines = { majority: { da: 0.51, f1: 0.34 }, coin: { da: 0.5, f1: 0.5 }, ridge: { da: 0.9 } };
    const naive = { results: { validation: { baselines } } };
    const [accuracy, f1] = curvesOf({ names, columnOf: () => two, axis: axis('step'), naive });
    expect(accuracy.series.map(({ label }) => label)).toEqual(['validation']);
    expect(accuracy.levels).toEqual([{ label: 'always one side', y: 0.51 }]);
    expect(f1.levels).toEqual([{ label: 'coin', y: 0.5 }]);
    expect(curvesOf({ names, columnOf: () => two, axis: axis('step') })[0].levels).toEqual([]);
  });

  it("mark the best with each chart's own value at the checkpoint's step", () => {
    const metrics: Record<string, ReturnType<typeof columnOf>> = {
      'train.loss': columnOf([1, 10, 20, 30], [2, 1, 0.9, 0.8]),
      'val.loss': columnOf([10, 20, 30], [0.69, 0.68, 0.7]),
      'val.da': columnOf([10, 20, 30], [0.5, 0.53, 0.54]),
      'val.rmse': columnOf([10, 20, 30], [0.012, 0.011, 0.013]),
      lr: columnOf([1, 10, 20, 30], [1, 2, 3, 4]),
    };
    const source = { names: Object.keys(metrics), columnOf: (name: string) => metrics[name], bestStep: 20 };
    const marks = (of: CurveAxis) =>
      curvesOf({ ...source, axis: axis(of) }).map(({ title, marks: [mark] }) => [title, mark.x, mark.y]);
    expect(marks('epoch')).toEqual([
      ['loss', 2, 0.68],
      ['directional accuracy', 2, 0.53],
      ['RMSE', 2, 0.011],
      ['learning rate', 2, null],
    ]);
    expect(marks('time').map(([, x]) => x)).toEqual([2000, 2000, 2000, 2000]);
    expect(bestPlace({ ...source, axis: axis('samples') })).toEqual({ x: 640, step: 20 });
    // Its point may have been left out of a long curve; beyond the curve it has no place.
    expect(bestPlace({ ...source, bestStep: 25, axis: axis('step') })).toEqual({ x: 25, step: 25 });
    expect(bestPlace({ ...source, bestStep: 1e6, axis: axis('step') })).toBeNull();
    expect(curvesOf({ ...source, bestStep: null, axis: axis('step') }).flatMap((chart) => chart.marks)).toEqual([]);
  });

  it('smooth what is measured on batches, all of it before any is left out, and keep what was measured', () => {
    const noisy = columnOf(
      Array.from({ length: 50_000 }, (_, i) => i + 1),
      Array.from({ length: 50_000 }, (_, i) => Math.sin(i * 1.7)),
    );
    const names = ['train.loss', 'val.loss', 'grad_norm', 'lr'];
    const curves = curvesOf({ names, columnOf: () => noisy, axis: axis('step'), smoothing: 0.9 });
    const lines = curves.flatMap(({ series }) => series);
    expect(lines.map(({ label, smooth: line }) => [label, line !== undefined])).toEqual([
      ['train', true],
      ['validation', false],
      ['rate', false],
      ['norm', true],
    ]);
    const [train] = lines;
    expect(train.y).toBe(noisy.value);
    expect(train.smooth).toEqual(smooth(noisy.value, 0.9));
    // Drawn narrower or wider, the points are those of one smoothed line.
    for (const width of [200, 900]) {
      const frame = { width, height: 180, domain: [0, 50_000] as const, log: false, isWhole: false };
      const { options } = linePlot([train], { axis: axis('step') }, frame);
      const drawn = (options.marks ?? []).flatMap((mark) => {
        const data = typeof mark === 'object' && mark !== null && 'data' in mark ? mark.data : null;
        return Array.isArray(data) && data.length > 100 ? [data as { x: number; y: number }[]] : [];
      });
      expect(drawn).toHaveLength(2);
      expect(drawn[1].every(({ x, y }) => y === train.smooth?.[x - 1])).toBe(true);
    }
  });

  it('have the interval of a score as a band where it is told', () => {
    const names = ['val.da', 'val.da_low', 'val.da_high', 'val.f1'];
    const columns: Record<string, typeof two> = {
      'val.da': two,
      'val.da_low': columnOf([1, 2], [2, 3]),
      'val.da_high': columnOf([1, 2], [4, 5]),
      'val.f1': two,
    };
    const [accuracy, f1] = curvesOf({ names, columnOf: (name) => columns[name], axis: axis('step') });
    expect(accuracy.series[0].band).toEqual({ low: columns['val.da_low'].value, high: columns['val.da_high'].value });
    expect(f1.series[0].band).toBeUndefined();
  });

  it("draw the parent's curve behind, but not over time where its times are not told", () => {
    const ghost = { label: 'R9', startedAt: 0, columns: { 'val.da': { ...two, time: Float64Array.of(NaN, NaN) } } };
    const labels = (of: CurveAxis) =>
      curvesOf({ names: ['val.da'], columnOf: () => two, axis: axis(of), ghost })[0].series.map(({ label }) => label);
    expect(labels('epoch')).toEqual(['R9', 'validation']);
    expect(labels('time')).toEqual(['validation']);
  });

  it("draw the parent's curve by the time since the parent's own start", () => {
    const startedAt = -3_600_000;
    const ghost = {
      label: 'R9',
      startedAt,
      columns: { 'val.da': { ...two, time: two.time.map((_, i) => startedAt + 500 * i) } },
    };
    const [{ series }] = curvesOf({ names: ['val.da'], columnOf: () => two, axis: axis('time'), ghost });
    expect(series.map(({ label }) => label)).toEqual(['R9', 'validation']);
    expect(Array.from(series[0].x)).toEqual([0, 500]);
    expect(isHidden(ghost, axis('time'))).toBe(false);
  });
});
