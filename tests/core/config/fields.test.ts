import { describe, expect, test } from 'vitest';
import { defaultConfig } from '#core/config/compile.ts';
import { valueAt } from '#core/config/document.ts';
import { configFields, entryFields, type Field, groupFields } from '#core/config/fields.ts';
import { configJsonSchema, findKey, schemaAt } from '#core/config/json-schema.ts';
import { modelPresets } from '#core/estimate/presets.ts';
import { describeSize } from '#core/estimate/parameters.ts';
import { closest, editDistance } from '#core/config/suggestion.ts';
import { groups } from '#core/config/config.ts';
import { architectures } from '#core/models/registry.ts';
import { variants } from '#core/models/variant.ts';

const byPath = (group: string, ...path: string[]) => {
  const find = (fields: readonly Field[]): Field | undefined =>
    fields
      .flatMap((field) => [field, ...(field.kind === 'group' || field.kind === 'map' ? [find(field.fields)] : [])])
      .find((field) => field?.path.join('.') === [group, ...path].join('.'));
  return find(groupFields(group));
};

describe('fields', () => {
  test('every group has a form, in the order of the page', () => {
    expect(configFields().map(({ path }) => path[0])).toEqual(groups);
  });

  test('kinds, ranges and defaults come from the schema', () => {
    expect(byPath('train', 'epochs')).toMatchObject({ kind: 'int', min: 1, max: 10_000, default: 30, title: 'Epochs' });
    expect(byPath('model', 'architecture')).toMatchObject({ kind: 'enum', options: architectures });
    expect(byPath('data', 'split', 'purge')).toMatchObject({ kind: 'int', words: ['auto'], default: 'auto' });
    expect(byPath('data', 'range', 'start')).toMatchObject({ kind: 'text', nullable: true, default: null });
    expect(byPath('train', 'clip_norm')).toMatchObject({ kind: 'number', nullable: true, default: 1 });
    expect(byPath('train', 'early_stopping')).toMatchObject({ kind: 'group', nullable: true });
    expect(byPath('train', 'early_stopping', 'patience')).toMatchObject({ kind: 'int', default: 8 });
    expect(byPath('features', 'calendar', 'time_of_day')).toMatchObject({ kind: 'boolean', default: true });
    expect(byPath('features', 'timeframes')).toMatchObject({ kind: 'map', words: ['auto'], default: 'auto' });
    expect(byPath('loss', 'weights')).toMatchObject({ kind: 'map', item: { kind: 'number', min: 0, max: 1000 } });
  });

  test('a discriminated block is a choice with the fields of each option', () => {
    const optimizer = byPath('train', 'optimizer');
    expect(optimizer?.kind === 'choice' && optimizer.options.map(({ value, title }) => [value, title])).toEqual([
      ['adamw', 'AdamW'],
      ['sgd', 'SGD'],
    ]);
    expect(optimizer?.kind === 'choice' && optimizer.options[1].fields.map(({ path }) => path.at(-1))).toEqual([
      'learning_rate',
      'weight_decay',
      'momentum',
    ]);
    const loss = configFields().find(({ path }) => path[0] === 'loss');
    expect(loss?.kind === 'map' && loss.item).toMatchObject({ kind: 'choice', path: ['loss', '*'] });
  });

  test('an entry of a map has its own paths', () => {
    const fields = entryFields(byPath('features', 'timeframes')!, '1h');
    const rsi = fields.find(({ path }) => path.at(-1) === 'rsi');
    expect(rsi).toMatchObject({ title: 'RSI', path: ['features', 'timeframes', '1h', 'rsi'] });
    expect(rsi?.kind === 'group' && rsi.fields[0]).toMatchObject({
      path: ['features', 'timeframes', '1h', 'rsi', 'period'],
      default: 14,
      min: 2,
    });
  });

  test('every fixed field has its default in the default configuration', () => {
    const config = defaultConfig();
    const check = (field: Field): void => {
      if (field.kind === 'group' && !field.path.includes('*')) field.fields.forEach(check);
      else if (field.kind !== 'map') expect(field.default).toEqual(valueAt(config, field.path));
    };
    for (const group of groups)
      groupFields(group)
        .filter(({ kind }) => kind !== 'choice')
        .forEach(check);
  });

  test('every field has a title, and every number a range', () => {
    const check = (field: Field): void => {
      expect(field.title, field.path.join('.')).toMatch(/^\S/);
      if (field.kind === 'int' || field.kind === 'number')
        expect(field.max, field.path.join('.')).toBeLessThan(2 ** 32);
      if (field.kind === 'group' || field.kind === 'map') field.fields.forEach(check);
      if (field.kind === 'map') check(field.item);
      if (field.kind === 'choice') field.options.forEach(({ fields }) => fields.forEach(check));
    };
    configFields().forEach(check);
  });
});

describe('schema', () => {
  test('is walked by path, through unions by their kind', () => {
    expect(schemaAt(['train', 'optimizer', 'momentum'], { train: { optimizer: { kind: 'sgd' } } })).toMatchObject({
      maximum: 0.9999,
    });
    expect(schemaAt(['train', 'optimizer', 'momentum'])).toBeUndefined();
    expect(schemaAt(['features', 'timeframes', '1h', 'rsi', 'period'])).toMatchObject({ minimum: 2 });
    expect(schemaAt(['nothing'])).toBeUndefined();
    expect(configJsonSchema().properties).toHaveProperty('data');
  });

  test('a key is found wherever it stands', () => {
    expect(findKey('learning_rate')).toEqual(['train.optimizer.learning_rate']);
    expect(findKey('lookback')).toEqual(['model.lookback']);
  });
});

describe('suggestions', () => {
  test('distance counts insertions, deletions, changes and swaps', () => {
    expect([editDistance('', 'abc'), editDistance('abc', 'abc'), editDistance('ab', 'ba')]).toEqual([3, 0, 1]);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });

  test('nothing is suggested for what is nothing like it', () => {
    expect(closest('zebra', ['train', 'model'])).toBeUndefined();
    expect(closest('batchSize', ['epochs', 'batch_size'])).toBe('batch_size');
    expect(closest('optim', ['epochs', 'optimizer'])).toBe('optimizer');
  });
});

describe('presets', () => {
  test('name their sizes and what sets them', () => {
    const presets = modelPresets('gru');
    expect(presets.map(({ title, override, summary }) => [title, override, summary])).toEqual([
      ['Base', 'model=base', '1 layer of 64 units'],
      ['Medium', 'model=medium', '2 layers of 128 units'],
      ['Large', 'model=large', '3 layers of 256 units'],
    ]);
    expect(variants.map((variant) => describeSize('gru', variant))).toEqual([
      '1 layer of 64 units',
      '2 layers of 128 units',
      '3 layers of 256 units',
    ]);
    const bases = architectures.map((architecture) => describeSize(architecture, 'base'));
    expect(bases).toEqual([
      'dense layers of 256 and 128 units',
      '5 residual blocks of 32 channels, kernel 3',
      '1 layer of 64 units',
      '1 layer of 64 units',
      '2 mixing blocks with 64 hidden units',
      '2 attention layers of width 32, 4 heads, 64 hidden units',
      'two linear maps to 16',
      'a linear map to 16',
    ]);
  });
});
