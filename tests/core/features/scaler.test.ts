import { describe, expect, test } from 'vitest';
import { applyScaler, fitScaler } from '#core/features/scaler.ts';

const column = (name: string, ...values: number[]) => ({ name, values: Float64Array.from(values) });
const rows = (...flags: number[]) => Uint8Array.from(flags);

describe('standard', () => {
  test('takes mean and population deviation of the train rows alone', () => {
    const { scaler } = fitScaler('standard', [column('a', 1, 3, 1000, NaN)], rows(1, 1, 0, 0));
    expect(scaler).toEqual({ kind: 'standard', names: ['a'], center: [2], scale: [1], clip: 10 });
  });

  test('scales row by row, clips freaks and puts 0 where a value is missing', () => {
    const columns = [column('a', 1, 3, 1000, NaN), column('b', 0, 10, 5, -1000)];
    const { scaler } = fitScaler('standard', columns, rows(1, 1, 0, 0));
    expect(Array.from(applyScaler(scaler, columns, 4))).toEqual([-1, -1, 1, 1, 10, 0, 0, -10]);
  });

  test('leaves out what is constant on the train rows, be it by rounding', () => {
    const columns = [column('a', 0.1 + 0.2, 0.3, 9), column('zero', 0, 0, 1), column('b', 1, 2, 3)];
    const { scaler, constant } = fitScaler('standard', columns, rows(1, 1, 0));
    expect(constant).toEqual(['a', 'zero']);
    expect(scaler.names).toEqual(['b']);
    expect(applyScaler(scaler, columns, 3)).toHaveLength(3);
  });
});

describe('robust', () => {
  test('takes median and IQR/1.349 and clips at 5', () => {
    const { scaler } = fitScaler('robust', [column('a', 4, 1, 3, 2, 5, 1e9)], rows(1, 1, 1, 1, 1, 0));
    expect(scaler.center).toEqual([3]);
    expect(scaler.scale[0]).toBeCloseTo(2 / 1.349, 12);
    expect(applyScaler(scaler, [column('a', 1e9)], 1)[0]).toBe(5);
  });

  test('falls back to the deviation, with a note, where half of the values are equal', () => {
    const { scaler, notes } = fitScaler('robust', [column('a', 0, 0, 0, 0, 0, 6)], rows(1, 1, 1, 1, 1, 1));
    expect(scaler.scale[0]).toBeCloseTo(Math.sqrt(5), 12);
    expect(notes).toHaveLength(1);
  });
});

test('a column that went missing is an error, not a zero', () => {
  const { scaler } = fitScaler('standard', [column('a', 1, 2)], rows(1, 1));
  expect(() => applyScaler(scaler, [column('b', 1, 2)], 2)).toThrow('column a');
});
