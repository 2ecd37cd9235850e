import { describe, expect, it } from 'vitest';
import { readThroughputOptions } from './throughput-options.ts';

describe('readThroughputOptions', () => {
  it('compares base and medium on wasm and native with both peers unless told otherwise', () => {
    expect(readThroughputOptions([])).toMatchObject({
      variants: ['base', 'medium'],
      engines: ['wasm', 'native'],
      peers: ['pytorch', 'keras'],
      device: 'cpu',
      batch: 256,
      threads: 2,
    });
    expect(readThroughputOptions([]).models).toContain('mlp');
    expect(readThroughputOptions([]).models).not.toContain('gru');
  });

  it('takes no peers', () => {
    expect(readThroughputOptions(['--peer=none']).peers).toEqual([]);
  });

  it.each([
    ['--model=oracle', '--model: expected some of mlp, '],
    ['--variant=huge', '--variant: expected some of base, medium, large, received huge'],
    ['--peer=jax', '--peer: expected some of pytorch, keras or none, received jax'],
    ['--device=tpu', '--device: expected some of cpu, cuda, received tpu'],
    ['--repeats=1.5', '--repeats: expected a whole number from 1, received 1.5'],
    ['--seconds=0', '--seconds: expected a number above 0, received 0'],
    ['--speed=9', "Unknown option '--speed'"],
  ])('says what it expected of %s', (option, message) => {
    expect(() => readThroughputOptions([option])).toThrow(message);
  });
});
