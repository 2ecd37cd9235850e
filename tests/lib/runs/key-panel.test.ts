import { flushSync, mount, unmount } from 'svelte';
import { expect, it } from 'vitest';
import KeyPanel from '#lib/runs/KeyPanel.svelte';

it('opens with the focus in the field that searches keys, so that one may type at once', () => {
  const target = document.body.appendChild(document.createElement('div'));
  const props = { label: 'Group', icon: 'rows', known: [], chosen: [], onchoose: () => undefined } as const;
  const panel = mount(KeyPanel, { target, props });
  flushSync();
  const button = target.querySelector('button');
  button?.focus();
  button?.click();
  flushSync();
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Search keys');
  void unmount(panel);
  target.remove();
});
