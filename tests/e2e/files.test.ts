import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

const text = `---
title: A file among files
---
Words.

\`\`\`yaml data
source: sample://market?seed=4&bars=6000&step=1h
\`\`\`

\`\`\`yaml train
epochs: 3 # three
\`\`\`
`;

let app: App;
let browser: Browser;
let file: (name: string) => string;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  file = (name) => join(app.home, 'notebooks', `${name}.md`);
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

async function open(name: string, written: string | Buffer = text) {
  writeFileSync(file(name), written);
  const opened = await visit(browser, `${app.url}/notebooks/${name}`);
  await opened.page.locator('[data-ready]').waitFor({ state: 'attached' });
  return opened;
}

/** As a browser does when a person comes back from the editor. */
const comeBack = (page: Page) => page.evaluate(() => window.dispatchEvent(new Event('focus')));
const epochs = (page: Page) => page.locator('[data-path="train.epochs"]').inputValue();
const runs = async () => ((await (await fetch(`${app.api}/runs`)).json()) as { runs: { id: string }[] }).runs;

it('shows on focus what was changed on disk, and gives the old text back with undo', async () => {
  const { page, context, errors } = await open('focus');
  writeFileSync(file('focus'), text.replace('epochs: 3', 'epochs: 9'));
  await comeBack(page);
  await page.getByText('This notebook was changed on disk; the page shows the new text').waitFor();
  await expect.poll(() => epochs(page)).toBe('9');
  await page.locator('.notice, [role="status"]').getByRole('button', { name: 'Undo' }).first().click();
  await expect.poll(() => readFileSync(file('focus'), 'utf8')).toBe(text);
  expect(errors).toEqual([]);
  await context.close();
});

it('makes a conflict of what was changed on both sides, and runs neither until one is chosen', async () => {
  const { page, context } = await open('both-sides');
  // What is typed is not saved yet when the person comes back.
  await page.route('**/files/notebooks/both-sides', (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.continue(),
  );
  await page.locator('[data-path="train.epochs"]').fill('5');
  writeFileSync(file('both-sides'), text.replace('epochs: 3', 'epochs: 9'));
  await comeBack(page);
  const banner = page.locator('.banner', { hasText: 'changed elsewhere' });
  await banner.waitFor();
  await page.unroute('**/files/notebooks/both-sides');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('Not run: this notebook was changed elsewhere').waitFor();
  expect(await runs()).toEqual([]);
  await banner.getByRole('button', { name: /take the file/ }).click();
  await expect.poll(() => epochs(page)).toBe('9');
  expect(readFileSync(file('both-sides'), 'utf8')).toContain('epochs: 9');
  await context.close();
});

it('does not train the old text under the name of a file that was changed', async () => {
  const { page, context } = await open('before-run');
  writeFileSync(file('before-run'), text.replace('epochs: 3', 'epochs: 2'));
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const notice = page.getByText('Not run yet: the file had changed');
  await notice.waitFor();
  expect(await runs()).toEqual([]);
  expect(await epochs(page)).toBe('2');
  await page.getByRole('button', { name: 'Run', exact: true }).first().click();
  await page.waitForURL('**/runs/*');
  const [run] = await runs();
  const made = (await (await fetch(`${app.api}/runs/${run?.id}`)).json()) as { source: string };
  expect(made.source).toBe(readFileSync(file('before-run'), 'utf8'));
  await context.close();
});

it('says that the file is gone, and keeps the text', async () => {
  const { page, context } = await open('gone');
  rmSync(file('gone'));
  await comeBack(page);
  const banner = page.locator('.banner', { hasText: 'file is gone' });
  await banner.getByRole('button', { name: 'keep mine' }).click();
  await expect.poll(() => existsSync(file('gone')) && readFileSync(file('gone'), 'utf8')).toBe(text);
  await context.close();
});

it('changes one line of a file with a byte order mark and Windows line ends, and no other byte', async () => {
  const windows = `\ufeff${text.replaceAll('\n', '\r\n')}`;
  const { page, context } = await open('windows', windows);
  await page.locator('[data-path="train.epochs"]').fill('8');
  await expect.poll(() => readFileSync(file('windows'), 'utf8')).toBe(windows.replace('epochs: 3', 'epochs: 8'));
  await context.close();
});

it('lists what is no notebook with the reason, and rewrites no byte of it', async () => {
  const bytes = Buffer.from('# Caf\xe9\n\n```yaml train\n```\n', 'latin1');
  writeFileSync(file('latin'), bytes);
  writeFileSync(file('my notes'), text);
  writeFileSync(join(app.home, 'notebooks', 'other.markdown'), text);
  const { page, context } = await visit(browser, `${app.url}/`);
  const list = page.locator('.unusable li');
  await list.first().waitFor();
  expect(await list.allTextContents()).toEqual([
    expect.stringMatching(/^latin\.md .*line 1: expected UTF-8 text, received 0xE9/),
    expect.stringMatching(/^my notes\.md its name holds a space/),
    expect.stringMatching(/^other\.markdown its name ends in \.markdown/),
  ]);
  await page.goto(`${app.url}/notebooks/latin`);
  await page.getByText('expected UTF-8 text').waitFor();
  expect(readFileSync(file('latin'))).toEqual(bytes);
  await context.close();
});

it('numbers the lines of an editor as the file has them', async () => {
  const { page, context } = await open('numbers', text.replace('epochs: 3', 'epohcs: 3'));
  const train = page.locator('[data-cell="train"]');
  await train.getByRole('button', { name: 'YAML' }).click();
  const numbers = () => train.locator('.cm-lineNumbers .cm-gutterElement:visible').allTextContents();
  await expect.poll(numbers).toEqual(['11']);
  expect(await train.locator('.diagnostics').textContent()).toContain('line 11, train.epohcs');
  expect(await train.locator('.cm-lint-marker-error').count()).toBe(1);
  // A line more above the cell is a line more in every number.
  await page.locator('[data-path="data.source"]').fill('sample://market?seed=4&bars=6000&step=2h');
  await page.locator('[data-path="model.lookback"]').fill('48');
  await expect.poll(numbers).toEqual(['15']);
  expect(await train.locator('.diagnostics').textContent()).toContain('line 15, train.epohcs');
  await context.close();
});

it('says in a notebook without a cell what a cell is, and runs nothing', async () => {
  const { page, context } = await open('prose', '# Read me\n\n```json train\n{}\n```\n');
  const before = (await runs()).length;
  const problems = page.getByRole('list', { name: 'Problems in this notebook' });
  expect(await problems.textContent()).toMatch(/expected at least one cell/);
  expect(await problems.textContent()).toMatch(/line 3.*did you mean "yaml train"\?/s);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('One problem stands in the way of a run').waitFor();
  expect(await runs()).toHaveLength(before);
  await page.locator('[data-path="train.epochs"]').fill('2');
  await expect.poll(() => problems.textContent()).not.toMatch(/at least one cell/);
  await context.close();
});
