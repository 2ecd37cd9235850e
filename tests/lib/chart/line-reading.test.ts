import { describe, expect, it } from 'vitest';
import { lineReader } from '#lib/chart/line-reading.ts';
import type { LineSeries } from '#lib/chart/line-series.ts';
import { timeAxis } from '#lib/chart/x-axis.ts';
import { runAxis } from '#lib/run/run-axis.ts';

const axis = runAxis('epoch', { epochs: 10, steps: 100, batch: 32, startedAt: 0, endsAt: 1 });
const at = (steps: readonly number[], y: readonly number[]) => ({ x: steps.map((step) => step / 10), step: steps, y });
const train: LineSeries = { label: 'train', role: 'train', ...at([1, 4, 8, 10, 14], [2, 1.5, NaN, Infinity, 1]) };
const validation: LineSeries = { label: 'validation', role: 'validation', ...at([10, 20], [0.91, 0.93]) };
const parent: LineSeries = { label: 'R9', role: 'parent', ...at([10, 20, 90], [0.8, 0.7, 0.6]) };
const reader = lineReader({
  series: [parent, train, validation],
  levels: [{ label: 'majority', y: 0.51 }],
  axis,
  rest: null,
  tolerance: 0.05,
});
const told = (x: number | null) => {
  const { place, values } = reader.read(x);
  return [place, ...values.map(({ label, value, elsewhere }) => [label, value, elsewhere].filter(Boolean).join(' '))];
};

describe('the readout', () => {
  it('is of the nearest point, with the other lines at their own and with where these are', () => {
    expect(reader.read(0.33).x).toBe(0.4);
    expect(told(0.33)).toEqual([
      'in epoch 1 · step 4',
      'R9 0.8 epoch 1',
      'train 1.5',
      'validation 0.91 epoch 1',
      'majority 0.51',
    ]);
  });

  it('says what is not finite', () => {
    expect(told(0.8)[2]).toBe('train NaN');
    expect(told(0.97)[2]).toBe('train ∞');
  });

  it('tells the newest point of the run itself while nothing is pointed at, or the one to rest on', () => {
    expect(told(null)[0]).toBe('newest: epoch 2 · step 20');
    const resting = lineReader({
      series: [train, validation],
      levels: [],
      axis,
      rest: { x: 1, word: 'best' },
      tolerance: 0,
    });
    expect(resting.read(null).place).toBe('best: epoch 1 · step 10');
  });

  it('goes from point to point, and not beyond the last', () => {
    const walk = (from: number | null, by: 1 | -1) => {
      const places: number[] = [];
      for (let x = reader.beside(from, by); x !== null; x = reader.beside(x, by)) places.push(x);
      return places;
    };
    expect(walk(null, 1)).toEqual([0.1, 0.4, 0.8, 1, 1.4, 2]);
    expect(walk(2, -1)).toEqual([1.4, 1, 0.8, 0.4, 0.1]);
  });

  it('names the zone of times', () => {
    const time = Date.UTC(2022, 9, 19, 4);
    const bars = lineReader({
      series: [{ label: 'value', x: [time], y: [1] }],
      levels: [],
      axis: timeAxis,
      rest: null,
      tolerance: 0,
    });
    expect(bars.read(0).place).toBe('2022-10-19 04:00 UTC');
  });

  it('is empty where there is no point', () => {
    expect(lineReader({ series: [], levels: [], axis, rest: null, tolerance: 0 }).read(3)).toEqual({
      x: null,
      place: '',
      values: [],
    });
  });
});
