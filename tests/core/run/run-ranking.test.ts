import { describe, expect, it } from 'vitest';
import { highestRuns, isRankedTogether, metricDifference, selectedMetric } from '#core/run/run-ranking.ts';
import { evaluationOf, runSummary } from '#tests/support/run-summary.ts';

function run(id: string, key: string | null, da: number | 'NaN' | null) {
  const best: Record<string, number | 'NaN'> = da === null ? {} : { 'val.da': da };
  // The newest value is never what a run is ranked by.
  return runSummary({ id, evaluation: evaluationOf(key), metrics: { latest: { 'val.da': 0.9 }, best } });
}

describe('ranking', () => {
  it('takes the value of the selected checkpoint alone', () => {
    expect(selectedMetric(run('a', 'k', 0.52), 'val.da')).toBe(0.52);
    expect(selectedMetric(run('a', 'k', 'NaN'), 'val.da')).toBeNaN();
    expect(selectedMetric(run('a', 'k', null), 'val.da')).toBeNull();
  });

  it('ranks runs of unknown rows with none, not even with each other', () => {
    const old = run('old', null, 0.5);
    expect(isRankedTogether(run('a', 'k', 0.5), run('b', 'k', 0.5))).toBe(true);
    expect([isRankedTogether(old, old), isRankedTogether(old, run('a', 'k', 0.5))]).toEqual([false, false]);
  });

  it('differs only on the same rows, and only where both have a value', () => {
    const [a, b] = [run('a', 'k', 0.75), run('b', 'k', 0.5)];
    expect(metricDifference(a, b, 'val.da')).toBe(0.25);
    expect(metricDifference(a, run('c', 'other', 0.5), 'val.da')).toBeNull();
    expect(metricDifference(a, run('c', null, 0.5), 'val.da')).toBeNull();
    expect(metricDifference(a, run('c', 'k', null), 'val.da')).toBeNull();
    expect(metricDifference(run('c', 'k', 'NaN'), a, 'val.da')).toBeNull();
  });

  it('finds the highest of each key, of two at least, and none among unknown rows', () => {
    const runs = [
      ...[run('a', 'k', 0.5), run('b', 'k', 0.6), run('c', 'k', 'NaN'), run('d', 'k', null)],
      ...[run('e', 'alone', 0.9), run('f', null, 0.7), run('g', null, 0.8)],
      ...[run('h', 'tied', 0.5), run('i', 'tied', 0.5)],
    ];
    expect([...highestRuns(runs, 'val.da')]).toEqual(['b', 'h', 'i']);
  });

  it('holds no score against one of far fewer rows', () => {
    const scored = (id: string, da: number, n: number) => {
      const each = run(id, 'k', da);
      const best = { ...each.metrics.best, 'val.n': n, 'val.excluded': 0 };
      return { ...each, metrics: { ...each.metrics, best } };
    };
    const [wide, few, near] = [scored('wide', 0.5, 7901), scored('few', 0.6, 3050), scored('near', 0.52, 7000)];
    expect([...highestRuns([few, wide, near], 'val.da')]).toEqual(['near']);
    expect([...highestRuns([few, wide], 'val.da')]).toEqual([]);
    expect(metricDifference(few, wide, 'val.da')).toBeNull();
    expect(metricDifference(near, wide, 'val.da')).toBeCloseTo(0.02);
  });
});
