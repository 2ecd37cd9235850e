import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Group } from '#core/config/config.ts';
import { architectures } from '#core/models/registry.ts';
import { losses } from '#core/losses/registry.ts';
import { targetKinds } from '#core/targets/registry.ts';
import { completeCell } from '#lib/cells/complete.ts';

/** Labels offered where the text has a |. */
async function offered(group: Group, marked: string, columns: readonly string[] = []): Promise<readonly string[]> {
  const at = marked.indexOf('|');
  const state = EditorState.create({ doc: marked.replace('|', '') });
  const result = await completeCell(group, () => columns)(new CompletionContext(state, at, true));
  return result?.options.map(({ label }) => label) ?? [];
}

describe('completion in a cell', () => {
  it('offers the keys of the cell', async () => {
    expect(await offered('model', '|')).toEqual(expect.arrayContaining(['architecture', 'variant', 'lookback']));
  });
  it('offers the values of a key', async () => {
    expect(await offered('model', 'architecture: |')).toEqual([...architectures]);
    expect(await offered('train', 'engine: w|')).toContain('wasm');
  });
  it('offers the keys of the map around the line', async () => {
    expect(await offered('data', 'gaps:\n  p|')).toEqual(expect.arrayContaining(['policy', 'max_fill']));
  });
  it('offers indicators in a timeframe', async () => {
    expect(await offered('features', 'timeframes:\n  1h:\n    r|')).toEqual(expect.arrayContaining(['rsi', 'macd']));
  });
  it('offers the losses of the registry and their parameters', async () => {
    expect(await offered('loss', 'ret:\n  kind: |')).toEqual(losses.map(({ kind }) => kind));
    const params = losses.flatMap(({ schema }) => Object.keys(schema.shape));
    expect(await offered('loss', 'ret: {k|')).toEqual([...new Set(params)]);
  });
  it('offers the kinds of targets', async () => {
    expect(await offered('targets', 'tasks:\n  ret:\n    kind: |')).toEqual(targetKinds);
  });
  it('offers parameters in a flow map', async () => {
    expect(await offered('features', 'timeframes:\n  1h:\n    rsi: {p|')).toContain('period');
  });
  it('offers the columns of the file as features, and what may become of one', async () => {
    const names = ['funding_rate', 'Open Interest'];
    expect(await offered('features', 'columns:\n  fu|', names)).toEqual(names);
    expect(await offered('features', 'columns:\n  funding_rate: {}\n  |', names)).toEqual(names);
    expect(await offered('data', 'columns:\n  |', names)).not.toContain('funding_rate');
    for (const key of ['funding_rate', 'Open Interest', '"50% line"', "'#7'"]) {
      expect(await offered('features', `columns:\n  ${key}:\n    |`, names), key).toContain('transform');
      expect(await offered('features', `columns:\n  ${key}:\n    transform: |`, names), key).toContain('log');
    }
  });
  it('puts the name of a column in quotes where YAML would read it otherwise', async () => {
    const doc = 'columns:\n  ';
    const context = new CompletionContext(EditorState.create({ doc }), doc.length, true);
    const names = ['oi', 'Open Interest', '#7', 'null', 'a: b', '50%'];
    const result = await completeCell('features', () => names)(context);
    expect(result?.from).toBe(doc.length);
    const keys = result?.options.map(({ apply }) => Object.keys(parse(`columns:\n  ${String(apply)}`).columns)[0]);
    expect(keys).toEqual(names);
  });
});
