import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultConfig, requireConfig } from '#core/config/compile.ts';
import { indicators } from '#core/features/registry.ts';
import { parseConfig } from '#core/config/config-file.ts';
import { parseYaml, writeConfig, writeYaml } from '#core/config/yaml.ts';

describe('reading', () => {
  test('numbers, words and nulls are those of YAML 1.2', () => {
    expect(parseYaml('a: 1e-3\nb: yes\nc:\nd: 2021-01-01\ne: 0x10\n').value).toEqual({
      a: 0.001,
      b: 'yes',
      c: null,
      d: '2021-01-01',
      e: 16,
    });
    expect(parseYaml('').value).toBeNull();
  });

  test('a fault is found at its line and column', () => {
    expect(parseYaml('a: 1\na: 2\n').issues).toMatchObject([{ code: 'yaml_syntax', line: 2, column: 1 }]);
    expect(parseYaml('a: 1\nb: [1\n').issues).toMatchObject([{ code: 'yaml_syntax', line: 2, column: 4 }]);
  });

  test('a hundred thousand open brackets are refused before they are parsed', () => {
    for (const open of ['[', '{', '- ', '? ', '{a: ', '[[{a: [']) {
      for (const count of [100, 600, 2_000, 20_000, 100_000]) {
        const { value, issues, document } = parseYaml(open.repeat(count));
        expect([value, document]).toEqual([undefined, undefined]);
        expect(issues).toMatchObject([{ code: 'too_deep' }]);
      }
    }
  });

  test('brackets are refused wherever they hide from a simpler scan', () => {
    const deep = '['.repeat(2000);
    for (const text of [
      `a: "]"\nb: ${deep}`,
      `a: |\n  x: '\nb: ${deep}`,
      `# '\n${deep}`,
      `a: it's\nb: ${deep}`,
      `&x\n${deep}`,
      `--- # "\n${deep}`,
      Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}-`).join('\n'),
    ]) {
      expect(parseYaml(text).issues).toMatchObject([{ code: 'too_deep' }]);
    }
  });

  test('brackets that nest nothing are no reason to refuse', () => {
    const quoted = `a: "${'['.repeat(500)}"\nb: |\n  ${'{'.repeat(500)}\n# ${'['.repeat(500)}\n`;
    const flat = 'tasks: [{a: [1]}, {b: "]"}]\n'.replace('tasks', 'k');
    const many = Array.from({ length: 800 }, (_, i) => flat.replace('k', `k${i}`)).join('');
    expect(parseYaml(quoted).issues).toEqual([]);
    expect(parseYaml(many).issues).toEqual([]);
  });

  test('more than a million characters are refused unread', () => {
    expect(parseYaml(`a: ${'x'.repeat(1_000_000)}`).issues).toMatchObject([{ code: 'too_large' }]);
  });

  test('more tokens than any configuration has are refused before they are parsed', () => {
    const lines = (line: (i: number) => string) => Array.from({ length: 50_000 }, (_, i) => line(i)).join('\n');
    for (const text of [lines((i) => `k${i}: 1`), lines(() => '"'), lines(() => '- a'), '[]'.repeat(50_000)]) {
      const { issues, document } = parseYaml(text);
      expect(document).toBeUndefined();
      expect(issues).toMatchObject([{ code: 'too_large' }]);
    }
  });

  test('a configuration of every indicator on ten timeframes is read', () => {
    const all = Object.fromEntries(indicators.map(({ name }) => [name, {}]));
    const timeframes = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`${i + 1}h`, all]));
    const { config } = requireConfig({ config: { features: { timeframes } } });
    expect(parseConfig(parseYaml(writeConfig(config)).value).config).toEqual(config);
  });

  test('aliases that multiply are refused', () => {
    const laughs = ['a: &a [1,1,1,1,1,1,1,1,1,1]'];
    for (let i = 0; i < 8; i++) {
      const [from, to] = [String.fromCharCode(97 + i), String.fromCharCode(98 + i)];
      laughs.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(',')}]`);
    }
    const { value, issues } = parseYaml(laughs.join('\n'));
    expect(value).toBeUndefined();
    expect(issues).toHaveLength(1);
  });

  test('a __proto__ key is refused', () => {
    expect(parseYaml('__proto__: {polluted: 1}').issues).toHaveLength(1);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('never throws', () => {
    const marks = fc.string({ unit: fc.constantFrom(...'ab:- \n\t[]{},#&*!|>\'"%@`?0.\r'), maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), marks), (text) => {
        const { value, issues } = parseYaml(text);
        if (issues.length > 0) expect(value).toBeUndefined();
        for (const { line, column } of issues) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('writing', () => {
  test('the default configuration reads well', () => {
    expect(writeConfig(defaultConfig())).toBe(`data:
  source: sample://market
  timezone: UTC
  decimal: auto
  bar_label: open
  columns: {}
  symbol: null
  exchange: null
  outliers: note
  gaps: {policy: break, max_fill: 5}
  range: {start: null, end: null}
  split:
    method: chronological
    train: 0.7
    validation: 0.15
    test: 0.15
    sealed: true
    purge: auto
    embargo: 0
features:
  scaler: standard
  timeframes: auto
  columns: {}
  calendar: {time_of_day: true, day_of_week: true}
targets:
  horizon: 12
  tasks:
    ret: {kind: return}
    dir: {kind: direction}
model:
  architecture: mlp
  variant: base
  lookback: 64
  channels: mixing
  dropout: 0.2
loss:
  ret: {kind: huber, delta: 1}
  dir: {kind: bce, label_smoothing: 0}
  weights: {ret: 1, dir: 1}
train:
  epochs: 30
  batch_size: 256
  optimizer:
    kind: adamw
    learning_rate: 0.001
    weight_decay: 0.0001
    beta1: 0.9
    beta2: 0.999
    epsilon: 1e-7
  schedule: {kind: cosine, warmup: 0.05}
  clip_norm: 1
  early_stopping: {patience: 8}
  select: {metric: val.loss, mode: min}
  checkpoint_every: 5
  seed: 1
  engine: auto
`);
  });

  test('of the split the keys that count are written, and what was given beside them', () => {
    const split = { validation_from: '2021-06-01', test_from: '2022-01-01' };
    const written = (more: object) => {
      const { config } = requireConfig({ config: { data: { split: { ...split, ...more } } } });
      expect(parseConfig(parseYaml(writeConfig(config)).value).config).toEqual(config);
      return writeConfig(config).split('split:')[1].split('features:')[0].trim();
    };
    const rest = 'sealed: true\n    purge: auto\n    embargo: 0';
    const instants = 'validation_from: 2021-06-01\n    test_from: 2022-01-01\n    until:';
    expect(written({})).toBe(`method: chronological\n    ${instants} null\n    ${rest}`);
    expect(written({ until: '2022-10-19T04:00Z', train: 0.6, validation: 0.25 })).toBe(
      `method: chronological\n    train: 0.6\n    validation: 0.25\n    ${instants} 2022-10-19T04:00Z\n    ${rest}`,
    );
  });

  test('what is written reads back as the same configuration', () => {
    const { config } = requireConfig({
      config: { timeframes: ['5m', '1h'], data_source: 'a: "b", [c].csv' },
      overrides: ['train.early_stopping=null', '+targets.tasks.null={kind: return}'],
    });
    expect(parseConfig(parseYaml(writeConfig(config)).value).config).toEqual(config);
  });

  test('any JSON map reads back as it was', () => {
    const value = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.jsonValue({ maxDepth: 4 }),
    );
    fc.assert(
      fc.property(value, (map) => {
        const plain: unknown = JSON.parse(JSON.stringify(map));
        fc.pre(!JSON.stringify(map).includes('__proto__'));
        expect(parseYaml(writeYaml(plain)).value).toEqual(plain);
      }),
      { numRuns: 500 },
    );
  });
});
