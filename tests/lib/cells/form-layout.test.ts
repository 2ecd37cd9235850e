import { expect, it } from 'vitest';
import { architectures } from '#core/config/model.ts';
import { groupFields } from '#core/config/fields.ts';
import { arrangeFields, concerns } from '#lib/cells/form-layout.ts';

const names = (fields: ReturnType<typeof groupFields>) => fields.map(({ path }) => path.at(-1));

it('shows channels to patchtst, and to no other architecture', () => {
  for (const architecture of architectures) {
    const fields = groupFields('model').filter((field) => concerns(field, { architecture }));
    const { first, more } = arrangeFields('model', fields);
    const channels = architecture === 'patchtst' ? ['channels'] : [];
    expect(names(first)).toEqual(['architecture', 'variant', 'lookback', 'dropout', ...channels]);
    expect(more).toEqual([]);
  }
});
