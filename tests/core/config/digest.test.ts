import { describe, expect, test } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import { toFile } from '#core/config/config-file.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { diffConfigs } from '#core/config/diff.ts';

describe('digest and diff', () => {
  test('canonical JSON does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,{"d":null}]}');
    expect(canonicalJson({ a: 'x', b: [1, { d: null }] })).toBe('{"a":"x","b":[1,{"d":null}]}');
  });

  test('a diff names changed keys, and whole blocks that came or went', () => {
    const before = requireConfig({ config: { features: { timeframes: { '1h': { rsi: {}, atr: {} } } } } }).config;
    const { config: after } = requireConfig({
      config: toFile(before),
      overrides: [
        'train.seed=2',
        'loss.ret.kind=mae',
        'loss.weights.dir=0.5',
        'train.early_stopping=null',
        '~features.timeframes.1h.atr',
        'features.timeframes.1h.rsi.period=21',
      ],
    });
    expect(diffConfigs(toFile(before), toFile(after))).toEqual({
      'features.timeframes.1h.atr': [{ period: 14 }, null],
      'features.timeframes.1h.rsi.period': [14, 21],
      'loss.ret.delta': [1, null],
      'loss.ret.kind': ['huber', 'mae'],
      'loss.weights.dir': [1, 0.5],
      'train.early_stopping': [{ patience: 8 }, null],
      'train.seed': [1, 2],
    });
    expect(diffConfigs(toFile(before), toFile(before))).toEqual({});
  });
});
