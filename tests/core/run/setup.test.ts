import { expect, it } from 'vitest';
import { defaultConfig } from '#core/config/compile.ts';
import { toFile } from '#core/config/config-file.ts';
import { type Document, withValue } from '#core/config/document.ts';
import { nextSeed } from '#core/run/next-seed.ts';
import { runIdentity, setupOf } from '#core/run/setup.ts';

const base: Document = toFile(defaultConfig());
const other = (path: string, value: unknown) => withValue(base, path.split('.'), value);

it('a setup is a configuration but for seed, engine and seal, and a run one but for engine and seal', () => {
  for (const [key, value] of [
    ['train.engine', 'cpu'],
    ['data.split.sealed', false],
  ] as const) {
    expect(runIdentity(other(key, value))).toEqual(runIdentity(base));
    expect(setupOf(other(key, value))).toEqual(setupOf(base));
  }
  const reseeded = other('train.seed', 77);
  expect(setupOf(reseeded)).toEqual(setupOf(base));
  expect(runIdentity(reseeded)).not.toEqual(runIdentity(base));
  expect(setupOf(other('train.epochs', 77))).not.toEqual(setupOf(base));
  expect(setupOf(base)).toMatchObject({ train: { epochs: expect.any(Number) }, data: { split: {} } });
});

it('the next seed is the smallest that nobody has had', () => {
  expect(nextSeed([])).toBe(1);
  expect(nextSeed([1, 2, 4, 'x', null])).toBe(3);
  expect(nextSeed([42])).toBe(1);
});
