import { afterEach, expect, it } from 'vitest';
import { parseNotebook } from '#core/notebook/parse.ts';
import { Arranger } from '#lib/document/arranger.svelte.ts';
import { NotebookDoc } from '#lib/document/notebook-doc.svelte.ts';
import { pageActions } from '#lib/notebook/page-actions.ts';
import { notices } from '#lib/ui/notices.svelte.ts';

afterEach(() => (document.body.innerHTML = ''));

it('the palette does to the selected block what the keys do, and says where none is selected', () => {
  document.body.innerHTML = `<div data-cell="prose" data-block="0" tabindex="0"></div><section data-cell="loss" tabindex="0"></section>`;
  for (const cell of document.querySelectorAll('[data-cell]')) cell.scrollIntoView = () => {};
  const doc = new NotebookDoc('Words.\n\n```yaml model\nlookback: 32\n```\n');
  const actions = () =>
    pageActions({
      train: { name: 'Train', run: () => undefined },
      controlsOf: () => null,
      blocks: new Arranger(doc),
      doc,
    });
  const choose = (name: string) =>
    actions()
      .find((action) => action.name.startsWith(name))
      ?.run();
  expect(actions().some(({ name }) => name.startsWith('Undo'))).toBe(false);
  choose('Remove the selected');
  expect(notices.all.at(-1)?.text).toContain('Select a cell');
  document.querySelector<HTMLElement>('section')?.focus();
  choose('Remove the selected');
  expect(parseNotebook(doc.text).blocks).toHaveLength(2);
  document.querySelector<HTMLElement>('div')?.focus();
  choose('Remove the selected');
  expect(doc.text).toBe('```yaml model\nlookback: 32\n```\n');
  choose('Undo');
  expect(doc.text).toContain('Words.');
});
