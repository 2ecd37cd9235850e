import { describe, expect, it } from 'vitest';
import { taskName } from '#core/config/targets.ts';
import { scoreRows } from '#core/metrics/scored-rows.ts';
import { lossesFor } from '#core/losses/registry.ts';
import { targetOf, targets } from '#core/targets/registry.ts';
import type { Bars } from '#core/bars/bars.ts';
import { gappyMarket } from '#tests/core/features/bars.ts';

const horizon = 5;
const holes = [31, 70];
const bars = gappyMarket(120, holes);

/** The bars up to a row, as if there were no later ones. */
function until(all: Bars, end: number): Bars {
  const cut = Object.entries(all).map(([key, value]: [string, unknown]) => [
    key,
    value instanceof Float64Array || value instanceof Int32Array ? value.slice(0, end) : value,
  ]);
  return Object.fromEntries(cut) as Bars;
}

describe.each(targets)('$kind', ({ kind }) => {
  const target = targetOf(kind);
  const labelsOf = (of: Bars, ahead: number) => target.labels(target.outcome(of, ahead));
  const labels = labelsOf(bars, horizon);

  it('says what it is, and names a task as a notebook may', () => {
    expect(target.summary).toMatch(/^\S.*[^.]$/);
    expect(target.phrase).toMatch(/^an? /);
    expect(taskName.safeParse(target.stem).success).toBe(true);
    expect(targets.filter(({ stem }) => stem === target.stem)).toHaveLength(1);
  });

  it('has a default loss that can judge it', () => {
    expect(lossesFor(target.scale.name)).toContain(target.defaultLoss);
  });

  it('has a label a row, none where the horizon is beyond the end or across a gap', () => {
    expect(labels).toHaveLength(bars.close.length);
    labels.forEach((label, i) => {
      const isWhole = i + horizon < labels.length && bars.segment[i] === bars.segment[i + horizon];
      if (!isWhole) expect(label, `row ${i}`).toBeNaN();
    });
    expect(labels.filter((label) => !Number.isNaN(label)).length).toBeGreaterThan(50);
  });

  it('looks no further ahead than the horizon', () => {
    for (const end of [40, 77, 119]) {
      const early = labelsOf(until(bars, end), horizon);
      expect(Array.from(early.slice(0, end - horizon))).toEqual(Array.from(labels.slice(0, end - horizon)));
    }
  });

  it('turns outputs back into target units, and a perfect forecast scores as one', () => {
    const { scale } = target;
    const rows = Int32Array.from([...labels.keys()].filter((row) => !Number.isNaN(labels[row])));
    const standard = scale.fit(labels, rows);
    expect(standard.sd).toBeGreaterThan(0);
    const actual = Float64Array.from(rows, (row) => labels[row]);
    const outputs = actual.map((label) =>
      scale.name === 'binary' ? (label === 1 ? 40 : -40) : (label - standard.mean) / standard.sd,
    );
    const predicted = scale.toUnits(outputs, standard);
    predicted.forEach((value, i) => expect(value).toBeCloseTo(actual[i], 12));
    const task = { name: 'x', kind: target.kind, raw: labels, labels: new Float32Array(0), ...standard };
    const score = scoreRows(task, predicted, { rows, actual, unlabelled: 0 }, horizon);
    expect(Object.keys(score)).toEqual(expect.arrayContaining([...scale.selectors]));
    expect(score.da).toBe(1);
    const constant = scale.constant(labels, rows, standard);
    expect(constant).toBeGreaterThan(Math.min(...actual));
    expect(constant).toBeLessThan(Math.max(...actual));
  });

  it('orders what naive forecasts say by the return', () => {
    const [down, none, up] = [-1, 0, 1].map((change) => target.fromReturn(change));
    expect(down).toBeLessThan(up);
    expect(none).toBe(target.scale.middle);
  });
});

it('the direction is the sign of the return; none where the price is the same', () => {
  const six = { ...gappyMarket(6), close: Float64Array.of(10, 11, 11, 9, 9, 12) };
  const [direction, ret] = [targetOf('direction'), targetOf('return')];
  const outcome = direction.outcome(six, 1);
  expect(Array.from(direction.labels(outcome))).toEqual([1, NaN, 0, NaN, 1, NaN]);
  expect(ret.labels(outcome)[1]).toBe(0);
  expect(ret.outcome).toBe(direction.outcome);
  expect(direction.remarks?.(outcome)).toEqual([
    '2 rows (33.3 %) with a zero return, hence without a direction: not in its loss or score',
  ]);
});
