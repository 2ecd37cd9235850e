import { expect, it } from 'vitest';
import { architectures, modelOf } from '#core/models/registry.ts';
import { groupFields } from '#core/config/fields.ts';
import { arrangeFields, findStranger } from '#lib/fields/form-layout.ts';

const names = (fields: ReturnType<typeof groupFields>) => fields.map(({ path }) => path.at(-1));

it('shows a network the options that it reads, and those of no other', () => {
  for (const architecture of architectures) {
    const fields = groupFields('model').filter(
      (field) => findStranger(field, { architecture, schedule: 'cosine', hasInstants: false }) === null,
    );
    const { first, more } = arrangeFields('model', fields);
    const own = Object.keys(modelOf(architecture).options);
    expect(names(first)).toEqual(['architecture', 'variant', 'lookback', 'dropout', ...own]);
    expect(more).toEqual([]);
  }
});

it('shows the shares of a split where they say where it begins, and not beside instants that do', () => {
  const split = groupFields('data').find(({ path }) => path[1] === 'split');
  const fields = split?.kind === 'group' ? split.fields : [];
  const shown = (hasInstants: boolean) =>
    names(fields.filter((field) => findStranger(field, { architecture: null, schedule: null, hasInstants }) === null));
  const others = ['validation_from', 'test_from', 'until', 'sealed', 'purge', 'embargo'];
  expect(shown(false)).toEqual(['method', 'train', 'validation', 'test', ...others]);
  expect(shown(true)).toEqual(['method', ...others]);
});
