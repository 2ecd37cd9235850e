import { describe, expect, it } from 'vitest';
import { compileConfig } from '#core/config/compile.ts';
import { lossText } from '#core/config/loss-text.ts';

const of = (...overrides: readonly string[]) => lossText(compileConfig({ overrides }).document);

describe('the loss of a configuration in words', () => {
  it('names loss, parameters, kind of target and weight of every task', () => {
    expect(of()).toBe('bce of direction (label smoothing 0) + huber of return (delta 1)');
    expect(of('loss.weights.ret=0.1', 'loss.weights.dir=3')).toBe(
      '0.1 · huber of return (delta 1) + 3 · bce of direction (label smoothing 0)',
    );
  });

  it.each(['loss.weights.ret=2', 'loss.ret.delta=2', 'loss.ret={kind: mse}', '~targets.tasks.dir'])(
    'is another with %s',
    (override) => {
      expect(compileConfig({ overrides: [override] }).issues).toEqual([]);
      expect(of(override)).not.toBe(of());
    },
  );

  it('is the same whatever the tasks are called and in whatever order, and whatever else differs', () => {
    const cells = { targets: { tasks: { side: { kind: 'direction' }, move: { kind: 'return' } } } };
    expect(lossText(compileConfig({ cells }).document)).toBe(of());
    expect(of('model.lookback=16', 'train.seed=3')).toBe(of());
  });

  it('is not known of a configuration that cannot be read', () => {
    expect(lossText({})).toBeNull();
    expect(lossText({ loss: { ret: { kind: 'gone' } }, targets: { tasks: { ret: { kind: 'return' } } } })).toBeNull();
  });
});
