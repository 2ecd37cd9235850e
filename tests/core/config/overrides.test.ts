import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileConfig, requireConfig } from '#core/config/compile.ts';
import { valueAt } from '#core/config/document.ts';
import { parseOverride } from '#core/config/override.ts';
import { parseOverrideValue } from '#core/config/override-value.ts';

const base = { features: { timeframes: { '1h': { rsi: {}, macd: {} } } } };
const apply = (...overrides: string[]) => requireConfig({ config: base, overrides }).config;
const refuse = (...overrides: string[]) =>
  compileConfig({ config: base, overrides }).issues.map(({ path, message }) => `${path}: ${message}`);

describe('values', () => {
  test.each([
    ['5', 5],
    ['1_000', 1000],
    ['-3', -3],
    ['1e-3', 0.001],
    ['.5', 0.5],
    ['true', true],
    ['False', false],
    ['null', null],
    ['', ''],
    ['adamw', 'adamw'],
    ['a b', 'a b'],
    ["'1'", '1'],
    ['"a, b"', 'a, b'],
    [String.raw`'it\'s'`, "it's"],
    [String.raw`a\,b`, 'a,b'],
    ['data/btc-1h.csv', 'data/btc-1h.csv'],
    ['sample://market?seed=1&bars=20000&step=1h', 'sample://market?seed=1&bars=20000&step=1h'],
    ['[]', []],
    ['[1, a, [true]]', [1, 'a', [true]]],
    ['{}', {}],
    ["{1h: {rsi: {period: 14}}, 'x y': null}", { '1h': { rsi: { period: 14 } }, 'x y': null }],
  ])('%s', (text, value) => {
    expect(parseOverrideValue(text)).toEqual(value);
  });

  test('numbers that are none are kept for the schema to refuse', () => {
    expect(parseOverrideValue('nan')).toBeNaN();
    expect(parseOverrideValue('-inf')).toBe(-Infinity);
    expect(refuse('train.optimizer.learning_rate=nan')).toEqual([
      'train.optimizer.learning_rate: expected a number from 0.000001 to 1, received NaN'.replace('0.000001', '1e-6'),
    ]);
  });

  test.each(['[1', '{a: 1', '{a}', "'open", '[1}', '${x}', 'int(1)', '{: 1}', '[1] x', '['.repeat(100)])(
    'refused: %s',
    (text) => {
      expect(parseOverride(`a=${text}`).message).toMatch(/expected|supported/);
    },
  );

  test('reading never throws', () => {
    const marks = fc.string({ unit: fc.constantFrom(...'a1.=+~,[]{}:\'"\\ ()$_-/'), maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), marks), (text) => {
        const { override, message } = parseOverride(text);
        expect((override === undefined) !== (message === undefined)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('actions', () => {
  test('a.b=v sets', () => {
    expect(apply('train.epochs=5', 'train.optimizer.learning_rate=3e-4').train).toMatchObject({
      epochs: 5,
      optimizer: { learning_rate: 0.0003 },
    });
  });

  test('+ adds, ++ adds or sets, ~ removes', () => {
    const { features } = apply(
      '+features.timeframes.1h.atr={}',
      '++features.timeframes.1h.rsi.period=21',
      '++features.timeframes.4h.rsi={period: 7}',
      '~features.timeframes.1h.macd',
    );
    expect(features.timeframes).toEqual({
      '1h': { rsi: { period: 21, flat: 50 }, atr: { period: 14 } },
      '4h': { rsi: { period: 7, flat: 50 } },
    });
  });

  test('keys of what an earlier override added can be set', () => {
    const { features } = apply('+features.timeframes.1h.atr={}', 'features.timeframes.1h.atr.period=20');
    expect(valueAt(features.timeframes, ['1h', 'atr', 'period'])).toBe(20);
  });

  test('a group option sets the variant and nothing else', () => {
    expect(apply('model=large').model).toEqual({ ...apply().model, variant: 'large' });
    expect(apply('model.architecture=tcn', 'model=medium').model).toMatchObject({
      architecture: 'tcn',
      variant: 'medium',
    });
  });

  test('null switches an optional block off, an indicator too', () => {
    const { train, features } = apply('train.early_stopping=null', 'features.timeframes.1h.macd=null');
    expect(train.early_stopping).toBeNull();
    expect(Object.keys(valueAt(features.timeframes, ['1h']) as object)).toEqual(['rsi']);
  });

  test('~ of an optional block switches it off, and a key below brings it back', () => {
    expect(apply('~train.early_stopping').train.early_stopping).toBeNull();
    expect(apply('~train.early_stopping', 'train.early_stopping.patience=3').train.early_stopping).toEqual({
      patience: 3,
    });
  });

  test('maps merge', () => {
    expect(apply('train.optimizer={learning_rate: 0.01}').train.optimizer).toMatchObject({
      kind: 'adamw',
      learning_rate: 0.01,
      beta1: 0.9,
    });
  });

  test('another optimizer drops the keys only the first had', () => {
    expect(apply('train.optimizer.kind=sgd', 'train.optimizer.momentum=0.5').train.optimizer).toEqual({
      kind: 'sgd',
      learning_rate: 0.001,
      weight_decay: 0.0001,
      momentum: 0.5,
    });
  });

  test('a new task gets its loss, a removed one takes it along', () => {
    expect(apply('+targets.tasks.r2={kind: return}', 'loss.r2={kind: mae}', '~targets.tasks.dir').loss).toEqual({
      terms: { ret: { kind: 'huber', delta: 1 }, r2: { kind: 'mae' } },
      weights: { ret: 1, r2: 1 },
    });
  });

  test('a loss or weight that is removed is the default again', () => {
    const { loss } = apply('loss.ret.kind=mae', 'loss.weights.ret=2', '~loss.ret', '~loss.weights.ret');
    expect(loss).toEqual(apply().loss);
    expect(apply('loss.ret.kind=mae', 'loss.ret=null').loss).toEqual(apply().loss);
  });

  test('flat keys of the older dashboard', () => {
    const config = apply('max_epochs=3', 'variant=large', 'data_source=a.csv', 'timeframes=[1m,15m]');
    expect([config.train.epochs, config.model.variant, config.data.source]).toEqual([3, 'large', 'a.csv']);
    expect(Object.keys(config.features.timeframes)).toEqual(['1m', '15m']);
  });

  test('the text is kept', () => {
    expect(compileConfig({ overrides: [' train.epochs=5 '] }).overrides).toEqual(['train.epochs=5']);
  });
});

describe('refusals say what to do', () => {
  test.each([
    ['train.epoch=5', 'train.epoch is not in the configuration; did you mean train.epochs?'],
    [
      'data.columns.close=C',
      'data.columns.close is not in the configuration; a new entry is added with a plus: +data.columns.close=…',
    ],
    ['epochs=5', 'epochs is not in the configuration; did you mean train.epochs?'],
    ['+train.epochs=5', 'train.epochs is there already; without the + it is replaced: train.epochs=…'],
    [
      'features.timeframes.1h.atr={}',
      'features.timeframes.1h.atr is not in the configuration; a new entry is added with a plus: +features.timeframes.1h.atr=…',
    ],
    ['~train.epochs', 'train.epochs cannot be removed, it always has a value; set another with train.epochs=…'],
    ['~train.epochs=7', '~train.epochs=… removes it only when it is 7, and it is 30'],
    ['~targets.tasks.foo', 'targets.tasks.foo is not in the configuration; known here: ret, dir'],
    ['train.epochs', 'expected key=value, received "train.epochs"; e.g. train.epochs=5'],
    [
      'train=fast',
      'train has no options to choose from (only model has: base, medium, large); set a key, train.<key>=<value>',
    ],
    ['model=lagre', 'expected model=base, model=medium, model=large, received model=lagre; did you mean model=large?'],
    ['train.epochs.x=1', 'train.epochs is 30, not a map, so train.epochs.x cannot be set'],
    [
      'hydra.run.dir=x',
      'settings of Hydra itself are not supported; the groups are data, features, targets, model, loss, train',
    ],
    ['a@b=1', 'packages (key@package) are not supported'],
    ['__proto__.x=1', 'expected a dotted key such as train.epochs, received "__proto__.x"'],
  ])('%s', (override, message) => {
    expect(refuse(override)).toEqual([`overrides[0]: ${override}: ${message}`]);
  });

  test.each(['train.seed=1,2,3', 'train.optimizer.learning_rate=choice(1e-3,3e-4)', 'train.seed=range(1,5)'])(
    'a sweep is refused as a sweep: %s',
    (override) => {
      const [message] = refuse(override);
      expect(message).toMatch(/^overrides\[0\]: .*sweep.*not available yet/);
    },
  );

  test('timeframes that are worked out from the data cannot be changed in part', () => {
    const [issue] = compileConfig({ overrides: ['features.timeframes.1h.rsi.period=2'] }).issues;
    expect(issue.message).toContain('features.timeframes={1h: {rsi: {}}}');
  });

  test('a value out of range is found at its key', () => {
    expect(refuse('train.early_stopping.patience=3.5')).toEqual([
      'train.early_stopping.patience: expected a whole number from 1 to 1000, received 3.5',
    ]);
  });
});

describe('columns of the file', () => {
  const columns = (...overrides: string[]) => apply(...overrides).features.columns;

  test('are added, changed and removed by name, in quotes where it has dots or blanks', () => {
    expect(columns('+features.columns.oi={transform: log}')).toEqual({ oi: { transform: 'log', period: 96 } });
    expect(columns('features.columns={"Adj Close": {}}')).toEqual({ 'Adj Close': { transform: 'level', period: 96 } });
    expect(columns('+features.columns."a=b"={transform: log}')).toEqual({ 'a=b': { transform: 'log', period: 96 } });
    const both = ["+features.columns.'5. volume'={transform: z}", 'features.columns."5. volume".period=24'];
    expect(columns(...both)).toEqual({ '5. volume': { transform: 'z', period: 24 } });
    expect(columns(...both, '~features.columns."5. volume"')).toEqual({});
  });

  test('are refused with the name of the key meant', () => {
    expect(refuse('features.columns.oi={}')).toEqual([
      expect.stringContaining('added with a plus: +features.columns.oi='),
    ]);
    expect(refuse('+features.columns.oi={transform: zz}')).toEqual([
      'features.columns.oi.transform: expected one of level, diff, z, log, received "zz"; did you mean z?',
    ]);
    expect(refuse('+features.columns.oi={period: 1}')[0]).toContain('features.columns.oi.period: ');
    expect(refuse('+features.columns."oi={}')[0]).toContain('expected a dotted key');
    for (const key of ['features.columns.#7', 'features.columns.Funding Rate', 'features.columns.50%.period']) {
      const [, name, rest] = /columns\.(.*?)(\.period)?$/.exec(key) ?? [];
      const quoted = `features.columns."${name}"${rest ?? ''}=…`;
      expect(refuse(`+${key}=1`)[0]).toContain(`the name of a column stands in quotes, ${quoted}`);
    }
    expect(refuse('train.#7=1')[0]).not.toContain('quotes');
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`c${i}`, {}]));
    const { issues } = compileConfig({ config: { features: { columns: many } } });
    expect(issues.map(({ path, message }) => [path, message.slice(0, 31)])).toEqual([
      ['features.columns', 'expected at most 100 columns, r'],
    ]);
  });

  test('of a notebook replace those of a request', () => {
    const config = { features: { columns: { a: {} } } };
    const { features } = requireConfig({ config, cells: { features: { columns: { b: {} } } } }).config;
    expect(Object.keys(features.columns)).toEqual(['b']);
  });
});
