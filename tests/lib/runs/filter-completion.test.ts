import { expect, it } from 'vitest';
import type { KnownColumn } from '#core/api/run-table.ts';
import { completeFilter } from '#lib/runs/filter-completion.ts';
import { tableColumn } from './table-rows.ts';

const known = (key: string, part: Partial<KnownColumn> = {}): KnownColumn => ({
  ...tableColumn(key),
  runs: 12,
  values: [],
  range: null,
  ...part,
});
const columns = [
  known('val.da', { range: [0.48, 0.56] }),
  known('model.architecture', { kind: 'text', values: ['mlp', 'tcn'] }),
  known('tag', { kind: 'tags', values: ['old', '"a b"'] }),
  known('starred', { kind: 'truth' }),
  known('created', { kind: 'date' }),
];
/** What is offered at the bar. */
function offered(marked: string) {
  const { from, options } = completeFilter(marked.replace('|', ''), marked.indexOf('|'), columns);
  return { from, texts: options.map(({ text }) => text) };
}

it.each([
  ['|', 0],
  ['va|', 0],
  ['val.da > 0.5 and |', 17],
  ['val.da > 0.5 and mod|', 17],
  ['(|', 1],
  ['tag:old or (mo|', 12],
  ['not sta|', 4],
])('awaits a column in %s', (text, from) => {
  expect(offered(text)).toMatchObject({
    from,
    texts: expect.arrayContaining(['val.da', 'model.architecture', 'starred']),
  });
});

it.each(['val.da |', 'val.da >|', 'created i|'])('awaits a sign in %s, or what follows it', (text) => {
  const { texts } = offered(text);
  expect(texts.length).toBeGreaterThan(0);
  expect(texts).not.toContain('model.architecture');
});

it('offers the values that a column has, behind a sign and within a list', () => {
  expect(offered('model.architecture = |').texts).toEqual(['mlp', 'tcn', 'none']);
  expect(offered('model.architecture in (mlp, t|')).toEqual({ from: 28, texts: ['mlp', 'tcn', 'none'] });
  expect(offered('not tag:|').texts).toEqual(['old', '"a b"', 'none']);
  expect(offered('val.da > |').texts).toEqual(['0.48', '0.56', 'none']);
  expect(offered('created > |').texts).toContain('-7d');
});

it('joins behind a whole condition', () => {
  for (const text of ['val.da > 0.5 |', 'model.architecture in (mlp) |', 'starred and tag:old |'])
    expect(offered(text).texts).toEqual(['and', 'or']);
});
