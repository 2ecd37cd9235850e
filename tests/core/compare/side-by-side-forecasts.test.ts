import { describe, expect, it } from 'vitest';
import { forecastsBeside } from '#core/compare/side-by-side-forecasts.ts';
import type { DiffedRun } from '#core/compare/split-scores.ts';
import type { TargetKind } from '#core/targets/registry.ts';

/** A run of one task at rows 0, 10, 20, … from `first` on. */
function run(number: number, kind: TargetKind, prediction: readonly number[], first = 0): DiffedRun {
  const time = prediction.map((_, i) => (first + i) * 10);
  const tasks = [{ task: 't', target: prediction.map(() => 1), prediction }];
  return { id: `r${number}`, number, horizon: 1, kinds: new Map([['t', kind]]), forecasts: { time, tasks } };
}
const whole = { from: 0, to: Infinity, most: 1000 };

describe('forecasts of runs beside each other', () => {
  it('are probabilities, with NaN where a run has none, and tell where they take opposite sides', () => {
    const base = run(1, 'direction', [0.6, 0.6, 0.4, 0.6, 0.5]);
    const other = run(2, 'direction', [0.4, 0.4, 0.4, 0.4, 0.9], 1);
    const beside = forecastsBeside([base, other], null, whole);
    expect(beside).toMatchObject({ what: 'probability', span: [0, 40], isWhole: true, overview: null });
    expect(beside.rows).toEqual({
      time: [0, 10, 20, 30, 40, 50],
      values: { r1: [0.6, 0.6, 0.4, 0.6, 0.5, 'NaN'], r2: ['NaN', 0.4, 0.4, 0.4, 0.4, 0.9] },
      close: null,
    });
    // At 40 the base says neither.
    expect(beside.disagreements).toEqual({ from: [10, 30], to: [10, 30] });
  });

  it('are sides where one says a probability and another a return', () => {
    const beside = forecastsBeside(
      [run(1, 'return', [0.1, -0.2, 0]), run(2, 'direction', [0.2, 0.2, 0.2])],
      null,
      whole,
    );
    expect(beside.what).toBe('side');
    expect(beside.rows.values).toEqual({ r1: [1, -1, 0], r2: [-1, -1, -1] });
    expect(beside.disagreements).toEqual({ from: [0], to: [0] });
    expect(forecastsBeside([run(1, 'return', [0.1]), run(2, 'return', [0.2])], null, whole).what).toBe('return');
  });

  it('stand over the last price that was known then', () => {
    const closes = { time: Float64Array.of(5, 10, 25), close: Float64Array.of(7, 8, 9) };
    const { rows, overview } = forecastsBeside([run(1, 'return', [1, 1, 1, 1])], closes, whole);
    expect(rows.close).toEqual(['NaN', 8, 8, 9]);
    expect(overview).toEqual({ time: [5, 10, 25], close: [7, 8, 9] });
  });

  it('are cut to the stretch asked for where there are too many', () => {
    const runs = [
      run(
        1,
        'return',
        Array.from({ length: 100 }, () => 1),
      ),
      run(
        2,
        'return',
        Array.from({ length: 100 }, () => 1),
      ),
    ];
    const at = (from: number, to: number) => forecastsBeside(runs, null, { from, to, most: 60 });
    expect(at(500, 600)).toMatchObject({ isWhole: false, span: [0, 990] });
    expect(at(500, 600).rows.time).toEqual([500, 510, 520, 530, 540, 550, 560, 570, 580, 590, 600]);
    // 60 values are 20 rows of a time and two runs.
    expect(at(0, 990).rows.time).toHaveLength(20);
    expect(at(5000, 6000).rows.time.at(-1)).toBe(990);
  });
});
