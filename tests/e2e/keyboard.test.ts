import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

let app: App;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

const focused = (page: Page, selector: string) =>
  page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);

/** Tab until something that matches has the focus, as a person without a mouse does. */
async function tabTo(page: Page, selector: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 150; presses++) {
    if (await focused(page, selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab never reached ${selector}`);
}

/** Puts another text into the field that has the focus. */
async function retype(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

it('authors, launches, watches and forks a run by keyboard alone', async () => {
  const { page, context, errors } = await visit(browser, `${app.url}/`);
  const { keyboard } = page;
  const cells = () =>
    page.locator('[data-cell]').evaluateAll((all) => all.map((cell) => cell.getAttribute('data-cell')));
  await page.locator('[data-ready]').waitFor({ state: 'attached' });

  // A new notebook from the library.
  await tabTo(page, 'button[aria-expanded]');
  await keyboard.press('Enter');
  await tabTo(page, '.template');
  await keyboard.press('Enter');
  await page.waitForURL(/\/notebooks\//);
  await page.locator('[data-cell="data"]').waitFor();

  // From cell to cell, into one, out again.
  await keyboard.press('j');
  await expect.poll(() => focused(page, '[data-cell="prose"]')).toBe(true);
  await keyboard.press('j');
  await expect.poll(() => focused(page, '[data-cell="data"]')).toBe(true);
  await keyboard.press('Enter');
  await expect.poll(() => focused(page, '[data-path="data.source"]')).toBe(true);
  await retype(page, 'sample://market?seed=2&bars=6000&step=1h');
  await keyboard.press('Escape');
  await expect.poll(() => focused(page, '[data-cell="data"]')).toBe(true);

  // Words below the cell; the blank after a word stays while the next is typed.
  await keyboard.press('b');
  const words = 'A question of my own.';
  const heard = page.waitForResponse(
    (answer) => answer.request().method() === 'PUT' && answer.request().postData()?.includes(words) === true,
  );
  await keyboard.type(`${words} `, { delay: 5 });
  // It was saved meanwhile, and the page has heard so.
  await heard;
  const path = join(app.home, 'notebooks', `${page.url().split('/').at(-1)}.md`);
  expect(readFileSync(path, 'utf8')).toContain(words);
  await keyboard.type('And another.');
  await keyboard.press('Escape');
  await page.locator('[data-cell="prose"]', { hasText: 'A question of my own. And another.' }).waitFor();
  await expect.poll(() => focused(page, '[data-cell="prose"]')).toBe(true);
  await expect.poll(async () => (await cells()).slice(0, 4)).toEqual(['prose', 'data', 'prose', 'features']);
  await keyboard.press('Alt+ArrowDown');
  await expect.poll(cells).toEqual(['prose', 'data', 'features', 'prose', 'targets', 'model', 'loss', 'train']);
  await keyboard.press('d');
  await keyboard.press('d');
  await expect.poll(cells).toEqual(['prose', 'data', 'features', 'targets', 'model', 'loss', 'train']);
  await keyboard.press('z');
  await expect.poll(async () => (await cells()).length).toBe(8);

  // The words are cut and pasted below the data cell; the loss is set aside as text, and is a cell again; outputs fold.
  await page.locator('[data-cell="prose"]', { hasText: 'A question of my own.' }).focus();
  await keyboard.press('x');
  await expect.poll(async () => (await cells()).length).toBe(7);
  await page.locator('[data-cell="data"]').focus();
  await keyboard.press('v');
  await expect.poll(async () => (await cells()).slice(0, 4)).toEqual(['prose', 'data', 'prose', 'features']);
  await expect.poll(() => focused(page, '[data-cell="prose"]')).toBe(true);
  await page.locator('[data-cell="loss"]').focus();
  await keyboard.press('m');
  await page.locator('[data-cell="prose"]:focus', { hasText: 'huber' }).waitFor();
  await keyboard.press('y');
  await expect.poll(() => focused(page, '[data-cell="loss"]')).toBe(true);
  await page.locator('[data-cell="data"]').focus();
  await keyboard.press('o');
  await page.locator('[data-cell="data"] [aria-expanded="false"]', { hasText: 'show them' }).waitFor();
  await keyboard.press('o');
  await page.locator('[data-cell="data"]', { hasText: 'show them' }).waitFor({ state: 'detached' });

  // YAML of the train cell.
  await page.locator('[data-cell="train"]').focus();
  await keyboard.press('y');
  await keyboard.press('Enter');
  await page.locator('[data-cell="train"] .cm-focused').waitFor();
  await retype(page, 'epochs: 4\nbatch_size: 128');
  await keyboard.press('Escape');
  await expect.poll(() => focused(page, '[data-cell="train"]')).toBe(true);
  await page.getByText('batch 128').waitFor();

  // One cell, and what it needs; then the next one, into train, and watch.
  await page.locator('[data-cell="targets"]').focus();
  await keyboard.press('Control+Enter');
  await page.locator('[data-cell="targets"]', { hasText: 'fresh' }).waitFor();
  await page.locator('[data-cell="data"]', { hasText: 'fresh' }).waitFor();
  expect(page.url()).toContain('/notebooks/');
  await page.locator('[data-cell="prose"]').first().focus();
  await keyboard.press('Shift+Enter');
  await expect.poll(() => focused(page, '[data-cell="data"]')).toBe(true);
  await page.locator('[data-cell="train"]').focus();
  await keyboard.press('Shift+Enter');
  await page.waitForURL(/\/runs\//);
  const parent = page.url().split('/').at(-1) ?? '';
  await page.locator('[data-strip="loss"]').waitFor();
  await expect.poll(() => page.title()).toMatch(/R1/);
  await page.locator('.badge', { hasText: 'completed' }).first().waitFor();
  await expect.poll(() => page.locator('[aria-live="polite"]').first().textContent()).toContain('completed');
  await expect.poll(() => page.title()).toMatch(/^✓ R1 .*completed$/);

  // Fork: the weights of the best checkpoint, another dropout.
  await tabTo(page, '[data-fork-from="best"]');
  await keyboard.press('Enter');
  await page.locator('[data-draft-from="best"]').waitFor();
  await page.locator('[data-cell="model"]').focus();
  await keyboard.press('Enter');
  await tabTo(page, '[data-path="model.dropout"]');
  await retype(page, '0.1');
  await page.locator('.banner', { hasText: 'model.dropout' }).waitFor();
  await keyboard.press('Control+Shift+Enter');
  await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(parent));
  const child = await (await fetch(`${app.api}/runs/${page.url().split('/').at(-1)}`)).json();
  expect(child).toMatchObject({ parent, from: { checkpoint: 'best' }, changed: { 'model.dropout': [0.2, 0.1] } });
  await page.locator('[data-fork-line]', { hasText: 'from its checkpoint best' }).waitFor();

  // What was changed leads to the comparison, and what was learned is written down there.
  await page.locator('.badge', { hasText: 'completed' }).first().waitFor();
  await tabTo(page, '[data-edge="R2"]');
  await keyboard.press('Enter');
  await page.waitForURL(/\/compare\?runs=R1,R2/);
  await page.locator('[data-finding]').first().waitFor();
  await tabTo(page, '[data-comparison-conclusion] button');
  await keyboard.press('Enter');
  await page.locator('[data-comparison-conclusion] .cm-focused').waitFor();
  await keyboard.type('Less dropout is noise.');
  await keyboard.press('Control+Enter');
  await page.getByText('kept with R2, the newest of them').waitFor();
  await page.goBack();
  await page.waitForURL(/\/runs\//);

  // The same once more, said so.
  await page.goBack();
  await page.waitForURL((url) => url.pathname.endsWith(parent));
  // Both pages have that button: wait for the parent's.
  await expect.poll(() => page.title()).toMatch(/^✓ R1 /);
  // What has run is frozen: keys only move.
  await page.locator('[data-cell="loss"]').focus();
  await keyboard.press('Shift+Enter');
  await expect.poll(() => focused(page, '[data-cell="train"]')).toBe(true);
  await page.getByRole('button', { name: 'More of R1' }).focus();
  await keyboard.press('Enter');
  await expect.poll(() => focused(page, '[role="menuitem"]')).toBe(true);
  await page.getByRole('menuitem', { name: 'Run it all the same' }).waitFor();
  await keyboard.press('Enter');
  await page.locator('[data-fork-line]', { hasText: 'the same configuration as R1, run again' }).waitFor();

  // And back to the library.
  await keyboard.press('g');
  await keyboard.press('h');
  await page.locator('[data-run="3"]').waitFor();
  expect(errors).toEqual([]);
  await context.close();
});
