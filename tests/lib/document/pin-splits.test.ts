import { describe, expect, it } from 'vitest';
import { cellStaleness } from '#core/notebook/graph.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { NotebookDoc } from '#lib/document/notebook-doc.svelte.ts';
import { boundariesOf, pinSplits, withSplitOf } from '#lib/document/pin-splits.ts';

const boundaries = { validationFrom: Date.UTC(2021, 5, 1), testFrom: Date.UTC(2022, 0, 1, 13), until: null };
const end = Date.UTC(2022, 9, 19);
const instants = 'validation_from: 2021-06-01, test_from: 2022-01-01T13:00Z, until: 2022-10-19';

const pinned = (yaml: string, found = boundaries as Parameters<typeof pinSplits>[1]) => {
  const doc = new NotebookDoc(`\`\`\`yaml data\n${yaml}\n\`\`\`\n`);
  const before = doc.text;
  pinSplits(doc, found, end);
  const after = doc.cellText('data').trimEnd();
  expect(doc.config?.data.split.test_from).toBe('2022-01-01T13:00Z');
  doc.undo();
  expect([doc.text, doc.canUndo]).toEqual([before, false]);
  return after;
};

describe('pinning the splits', () => {
  it('writes the instants, in one step of undo', () => {
    expect(pinned('source: a.csv # mine')).toBe(`source: a.csv # mine\nsplit: {${instants}}`);
  });

  it('takes the shares away and leaves the rest as it is written', () => {
    expect(pinned('split: {train: 0.6, validation: 0.2, test: 0.2}')).toBe(`split: {${instants}}`);
    expect(pinned('split:\n  train: 0.6\n  validation: 0.2\n  test: 0.2\n  embargo: 5 # bars\nsymbol: A')).toBe(
      `split:\n  embargo: 5 # bars\n  ${instants.replaceAll(', ', '\n  ')}\nsymbol: A`,
    );
  });

  it('keeps an end that is there', () => {
    const yaml = 'split: {train: 0.5, validation: 0.25, test: 0.25, until: 2022-10-01}';
    expect(pinned(yaml, { ...boundaries, until: Date.UTC(2022, 9, 1) })).toContain('until: 2022-10-01');
  });
});

describe('splits that are pinned where they were', () => {
  const ran = configOf({ data: { source: 'a.csv' } });
  const given = { validation_from: '2021-06-01', test_from: '2022-01-01T13:00Z', until: '2022-10-19' };
  const stateOf = (found: typeof boundaries, split: object = given) => {
    const now = configOf({ data: { source: 'a.csv', split } });
    const own = { ...boundaries, until: end };
    return cellStaleness(withSplitOf(ran, now, own, found, end), ran).train.state;
  };

  it('make no cell stale', () => {
    expect(stateOf(boundaries)).toBe('fresh');
    expect(stateOf(boundaries, { ...given, embargo: 5 })).toBe('stale');
    expect(stateOf({ ...boundaries, testFrom: boundaries.testFrom + 3_600_000 })).toBe('stale');
  });

  it('are those that data.json tells', () => {
    expect(boundariesOf({ dataset: { splitAt: boundaries } })).toEqual(boundaries);
    expect([boundariesOf(null), boundariesOf({ dataset: {} })]).toEqual([null, null]);
  });
});
