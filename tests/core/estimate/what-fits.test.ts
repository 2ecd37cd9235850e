import { describe, expect, test } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import { wasm } from '#core/engines/wasm.ts';
import { estimate } from '#core/estimate/estimate.ts';
import { engineNote } from '#core/estimate/engine-note.ts';
import { findFit } from '#core/estimate/what-fits.ts';

const input = { features: 16, baseStep: 3_600_000, warmup: 50, rows: 20_000 };
const config = (...overrides: string[]) => requireConfig({ overrides }).config;
const bytes = (...overrides: string[]) => estimate(config(...overrides), input).bytes;

const tcn = ['model.architecture=tcn', 'model.variant=large', 'model.lookback=512'];

describe('what fits', () => {
  test('is the largest power of two for the batch of the same model', () => {
    for (const given of ['train.batch_size=1000', 'train.batch_size=4096', 'train.batch_size=513']) {
      const fit = findFit(config(...tcn, given), input, bytes(...tcn, 'train.batch_size=512'));
      expect(fit).toEqual({ overrides: ['train.batch_size=512'], bytes: bytes(...tcn, 'train.batch_size=512') });
    }
    const tight = findFit(config(...tcn, 'train.batch_size=1024'), input, bytes(...tcn, 'train.batch_size=512') - 1);
    expect(tight?.overrides).toEqual(['train.batch_size=256']);
  });

  test('is a smaller variant where no batch of this one fits, with its own largest batch', () => {
    const mlp = ['model.lookback=2048', 'train.batch_size=256'];
    const single = bytes('model.variant=large', ...mlp, 'train.batch_size=1');
    const fit = findFit(config('model.variant=large', ...mlp), input, single - 1);
    expect(fit?.overrides).toEqual(['model.variant=medium']);
    expect(fit?.bytes).toBe(bytes('model.variant=medium', ...mlp));
  });

  test('is a shorter lookback where no variant fits, and is itself refused by nothing', () => {
    const long = ['model.variant=base', 'model.lookback=4096', 'train.batch_size=64'];
    const limit = bytes(...long, 'train.batch_size=1') - 1;
    const fit = findFit(config(...long), input, limit);
    expect(fit?.overrides).toEqual(['model.lookback=2048']);
    expect(bytes(...long, ...(fit?.overrides ?? []))).toBeLessThanOrEqual(limit);
  });

  test('is nothing to change where it fits, and null where the data alone is too large', () => {
    expect(findFit(config(), input, 1e9)?.overrides).toEqual([]);
    expect(findFit(config(), input, 1000)).toBeNull();
  });
});

describe('the note for the wasm engine', () => {
  const large = config(...tcn, 'train.batch_size=8192');
  const needed = estimate(large, input).bytes;

  test('says what is needed, what is there and what would fit', () => {
    expect(needed).toBeGreaterThan(wasm.memoryLimit);
    expect(engineNote(large, input, needed)).toMatch(
      /^[\d.]+ GB are more than the 3\.5 GB .* refused\. What would fit: train\.batch_size=\d+ \([\d.]+ GB\)\.$/,
    );
  });

  test('is for runs that fit not, and that another engine was not chosen for', () => {
    expect(engineNote(large, input, wasm.memoryLimit)).toBeNull();
    expect(engineNote({ ...large, train: { ...large.train, engine: 'native' } }, input, needed)).toBeNull();
  });
});
