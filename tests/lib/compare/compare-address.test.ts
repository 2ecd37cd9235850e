import { describe, expect, it } from 'vitest';
import { inOrder, parseAddress, writeAddress } from '#lib/compare/compare-address.ts';
import { runLook } from '#lib/compare/run-look.ts';

const parse = (text: string) => parseAddress(new URLSearchParams(text));

describe('the address of a comparison', () => {
  it('says runs, base, axis, smoothing and stretch, and comes back as it was', () => {
    const address = {
      runs: ['R7', 'R12', '01m8q6x1tsjy7908b2kcdz'],
      base: 'R12',
      axis: 'samples',
      smoothing: 0.6,
      stretch: [Date.UTC(2022, 0, 20), Date.UTC(2022, 0, 26, 12, 30)],
    } as const;
    const text = writeAddress(address);
    expect(text).toBe(
      '/compare?runs=R7,R12,01m8q6x1tsjy7908b2kcdz&base=R12&x=samples&smoothing=0.6&from=2022-01-20T00:00Z&to=2022-01-26T12:30Z',
    );
    expect(parse(text.slice('/compare?'.length))).toEqual(address);
  });

  it('leaves out what is as it would be anyway', () => {
    const plain = parse('runs=R7,R12');
    expect(plain).toEqual({ runs: ['R7', 'R12'], base: 'R7', axis: 'epoch', smoothing: 0, stretch: null });
    expect(writeAddress(plain)).toBe('/compare?runs=R7,R12');
  });

  it('never fails: what cannot be is not there, and a run is named once', () => {
    expect(parse('runs=r7, 12,R7,,../x,R012,R1234567890&base=R99&x=pages&smoothing=7&from=then&to=2022-01-01')).toEqual(
      {
        runs: ['R7', 'R12'],
        base: 'R7',
        axis: 'epoch',
        smoothing: 0,
        stretch: null,
      },
    );
    expect(parse('').runs).toEqual([]);
    expect(parse('runs=R1,R2&from=2022-02-01T00:00Z&to=2022-01-01T00:00Z').stretch).toBeNull();
  });

  it('asks for the base first, whatever its place', () => {
    expect(inOrder({ runs: ['R1', 'R2', 'R3'], base: 'R3' })).toEqual(['R3', 'R1', 'R2']);
  });
});

it('a run keeps its colour and line whichever is the base, and no two of twenty look alike', () => {
  const looks = Array.from({ length: 20 }, (_, place) => JSON.stringify(runLook(place, false)));
  expect(new Set(looks).size).toBe(20);
  expect(runLook(3, true)).toEqual({ color: 'var(--ink)', dash: null });
});
