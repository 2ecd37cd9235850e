import { expect, it } from 'vitest';
import { architectures, modelOf } from '#core/models/registry.ts';
import { groupFields } from '#core/config/fields.ts';
import { arrangeFields, findStranger } from '#lib/fields/form-layout.ts';

const names = (fields: ReturnType<typeof groupFields>) => fields.map(({ path }) => path.at(-1));

it('shows a network the options that it reads, and those of no other', () => {
  for (const architecture of architectures) {
    const fields = groupFields('model').filter(
      (field) => findStranger(field, { architecture, schedule: 'cosine' }) === null,
    );
    const { first, more } = arrangeFields('model', fields);
    const own = Object.keys(modelOf(architecture).options);
    expect(names(first)).toEqual(['architecture', 'variant', 'lookback', 'dropout', ...own]);
    expect(more).toEqual([]);
  }
});
