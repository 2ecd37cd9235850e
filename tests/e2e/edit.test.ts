import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

const text = `---
title: Edited by hand
---
Words.

\`\`\`yaml data
source: sample://market?seed=4&bars=6000&step=1h # a small market
\`\`\`

\`\`\`yaml train
# Short, for a first look.
epochs: 3   # three
batch_size: 128
\`\`\`
`;

let app: App;
let browser: Browser;
let file: (slug: string) => string;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  file = (slug) => join(app.home, 'notebooks', `${slug}.md`);
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

async function open(slug: string) {
  writeFileSync(file(slug), text);
  const opened = await visit(browser, `${app.url}/notebooks/${slug}`);
  await opened.page.locator('[data-ready]').waitFor({ state: 'attached' });
  return opened;
}

it('keeps form and YAML in step, changes one line, and loses no comment', async () => {
  const { page, context, errors } = await open('in-step');
  const train = page.locator('[data-cell="train"]');
  await train.getByRole('button', { name: 'Both' }).click();
  const editor = train.locator('.cm-content');

  await page.locator('[data-path="train.epochs"]').fill('7');
  await expect.poll(() => editor.innerText()).toContain('epochs: 7   # three');
  await expect.poll(() => readFileSync(file('in-step'), 'utf8')).toBe(text.replace('epochs: 3', 'epochs: 7'));

  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\nseed: 9');
  await expect.poll(() => page.locator('[data-path="train.seed"]').inputValue()).toBe('9');
  await expect.poll(() => readFileSync(file('in-step'), 'utf8')).toContain('batch_size: 128\nseed: 9\n```');

  // A cell that lived by its defaults is made by its first change, and goes again with undo.
  await page.locator('[data-path="model.lookback"]').fill('48');
  await expect.poll(() => readFileSync(file('in-step'), 'utf8')).toContain('```yaml model\nlookback: 48\n```');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => readFileSync(file('in-step'), 'utf8')).not.toContain('yaml model');
  expect(errors).toEqual([]);
  await context.close();
});

it('names what is wrong at its line and at its field, and runs nothing until it is right', async () => {
  const { page, context } = await open('wrong');
  const train = page.locator('[data-cell="train"]');
  await page.locator('[data-path="train.batch_size"]').fill('-1');
  const field = page.locator('[data-path="train.batch_size"]');
  await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
  const issue = page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`);
  expect(await issue.textContent()).toMatch(/1 .*8,?192|from 1|at least 1/);
  expect(await train.locator('.diagnostics').textContent()).toContain('line 13, train.batch_size');
  expect(await page.locator('#rail').textContent()).toContain('1 problem');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('One problem stands in the way of a run').waitFor();
  expect(page.url()).toContain('/notebooks/');

  await train.getByRole('button', { name: 'YAML' }).click();
  await train.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('epoch: 3');
  await expect.poll(() => train.locator('.diagnostics').textContent()).toMatch(/line 11.*epoch.*epochs/s);
  await train.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('epochs: [3');
  await expect.poll(() => train.locator('.diagnostics').textContent()).toMatch(/line 1[12]/);
  await context.close();
});

it('says at the cell that a file is not there, before and when a run is asked for', async () => {
  const { page, context } = await open('no-file');
  // A file that is not there: at the cell, before any run.
  await page.locator('[data-path="data.source"]').fill('nowhere.csv');
  await page.locator('[data-trouble="data"]').waitFor();
  expect(await page.locator('[data-trouble="data"]').textContent()).toContain('nowhere.csv');
  expect(await page.locator('[data-path="data.source"]').getAttribute('aria-invalid')).toBe('true');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText(/A run would fail: .*nowhere\.csv/).waitFor();
  await page.getByRole('button', { name: 'Run anyway' }).click();
  const refusal = page.locator('.banner', { hasText: 'No run was made' });
  await refusal.getByRole('link', { name: 'data.source' }).waitFor();
  expect(page.url()).toContain('/notebooks/');
  // The next edit is the answer to it.
  await page.locator('[data-path="data.source"]').fill('sample://market?seed=4&bars=6000&step=1h');
  await refusal.waitFor({ state: 'detached' });
  await context.close();
});

it('keeps both texts when two tabs edit one notebook, and lets the person choose', async () => {
  const first = await open('two-tabs');
  const second = await visit(browser, `${app.url}/notebooks/two-tabs`);
  await second.page.locator('[data-ready]').waitFor({ state: 'attached' });
  await first.page.locator('[data-path="train.epochs"]').fill('5');
  await expect.poll(() => readFileSync(file('two-tabs'), 'utf8')).toContain('epochs: 5');

  await second.page.locator('[data-path="train.batch_size"]').fill('64');
  const banner = second.page.locator('.banner', { hasText: 'changed elsewhere' });
  await banner.waitFor();
  expect(readFileSync(file('two-tabs'), 'utf8')).toContain('batch_size: 128');
  await banner.getByRole('button', { name: 'compare' }).click();
  expect(await banner.locator('pre').allTextContents()).toEqual([
    expect.stringContaining('epochs: 5'),
    expect.stringContaining('batch_size: 64'),
  ]);

  // Not lost by a reload either.
  await second.page.reload();
  await banner.waitFor();
  expect(await second.page.locator('[data-path="train.batch_size"]').inputValue()).toBe('64');
  await banner.getByRole('button', { name: 'keep mine' }).click();
  await banner.waitFor({ state: 'detached' });
  await expect.poll(() => readFileSync(file('two-tabs'), 'utf8')).toContain('batch_size: 64');
  await Promise.all([first.context.close(), second.context.close()]);
});

it('loses nothing that was typed when the page is reloaded before it could be saved', async () => {
  const { page, context } = await open('reload');
  await page.route('**/files/notebooks/reload', (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.continue(),
  );
  await page.locator('[data-path="train.epochs"]').fill('6');
  await page.getByText(/not saved/).waitFor();
  expect(readFileSync(file('reload'), 'utf8')).toBe(text);
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await page.getByText('Changes from your last visit are back').waitFor();
  expect(await page.locator('[data-path="train.epochs"]').inputValue()).toBe('6');
  await page.unroute('**/files/notebooks/reload');
  await expect.poll(() => readFileSync(file('reload'), 'utf8')).toContain('epochs: 6');
  await context.close();
});

it('takes a dropped data file into the workspace as the source of the cell', async () => {
  const { page, context, errors } = await open('dropped');
  const start = Date.UTC(2024, 0, 1);
  const rows = Array.from({ length: 3000 }, (_, i) => {
    const price = 100 + 10 * Math.sin(i / 17) + i / 100;
    return `${new Date(start + i * 3_600_000).toISOString()},${price.toFixed(4)}`;
  });
  const csv = ['time,close', ...rows].join('\n');
  const drop = async (name: string, content: string) => {
    const files = await page.evaluateHandle(
      ([fileName, bytes]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes ?? ''], fileName ?? ''));
        return transfer;
      },
      [name, content],
    );
    await page.dispatchEvent('[data-drop]', 'drop', { dataTransfer: files });
  };
  await drop('my bars (1h).csv', csv);
  const source = page.locator('[data-path="data.source"]');
  await expect.poll(() => source.inputValue()).toMatch(/^data\/my bars.*\.csv$/);
  const stored = join(app.home, 'notebooks', await source.inputValue());
  expect(readFileSync(stored, 'utf8')).toBe(csv);
  await page.locator('[data-cell="data"]').getByText('3,000').first().waitFor();

  // Other bytes under the same name never replace it.
  await drop('my bars (1h).csv', csv.slice(0, -30));
  await expect.poll(() => source.inputValue()).toMatch(/-2\.csv$/);
  expect(readFileSync(stored, 'utf8')).toBe(csv);
  expect(errors).toEqual([]);

  await drop('bars.exe', csv);
  await page.getByText(/Expected a file name/).waitFor();
  expect(existsSync(join(app.home, 'notebooks/data/bars.exe'))).toBe(false);
  await context.close();
});
