import { createRawSnippet, mount, unmount } from 'svelte';
import { expect, it } from 'vitest';
import FieldShell from '#lib/fields/FieldShell.svelte';

it('names the button that resets a field as it reads, so that who speaks to the page can say it', () => {
  const target = document.createElement('div');
  const children = createRawSnippet(() => ({ render: () => '<input id="rate">' }));
  const props = { id: 'rate', label: 'Learning rate', isSet: true, onreset: () => undefined, children };
  const shell = mount(FieldShell, { target, props });
  const button = target.querySelector('button');
  expect(button?.textContent.trim()).toBe('reset');
  expect(button?.getAttribute('aria-label')).toBe('reset Learning rate');
  void unmount(shell);
});
