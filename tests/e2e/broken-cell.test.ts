import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
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

const cells = {
  data: 'source: sample://market?seed=4&bars=6000&step=1h',
  features: 'timeframes:\n  1h: {rsi: {period: 14}}',
  model: 'architecture: tcn\nvariant: medium\nlookback: 96',
};

async function open(slug: string, changes: Partial<typeof cells> = {}) {
  const text = Object.entries({ ...cells, ...changes }).map(([kind, yaml]) => `\`\`\`yaml ${kind}\n${yaml}\n\`\`\`\n`);
  writeFileSync(join(app.home, 'notebooks', `${slug}.md`), text.join('\n'));
  const visited = await visit(browser, `${app.url}/notebooks/${slug}`);
  const { page } = visited;
  await page.locator('[data-ready]').waitFor({ state: 'attached' });
  const cell = (name: string) => page.locator(`#cell-${name}`);
  const words = () => page.locator('#rail ol').first().locator('.word').allInnerTexts();
  return { ...visited, cell, words };
}

it('works out what needs no cell with a problem, and names that cell for the rest', async () => {
  const { page, context, errors, cell, words } = await open('broken', {
    features: 'timeframes:\n  1h: {rsi: {period: -3}}',
  });
  await cell('targets').getByText('rows without a label').waitFor();
  await cell('data').locator('[data-missing="features"]').waitFor();
  expect(await cell('model').locator('[data-missing="features"]').innerText()).toBe(
    'Parameters, reach with warm-up and memory not computed: features has a problem',
  );
  expect(await cell('model').locator('.output').innerText()).toContain('96 of 96 bars');
  await expect
    .poll(words)
    .toEqual(['never run', '1 problem', 'never run', 'not computed', 'not computed', 'not computed']);
  expect(await cell('features').locator('.summary').innerText()).toContain('1h.rsi.period: expected');

  await cell('model').getByRole('link', { name: 'features' }).click();
  expect(new URL(page.url()).hash).toBe('#cell-features');
  await cell('features').locator('[data-path="features.timeframes.1h.rsi.period"]').fill('14');
  await cell('model')
    .getByText(/parameters/)
    .waitFor();
  await expect.poll(() => cell('model').locator('[data-missing]').count()).toBe(0);
  await expect.poll(words).not.toContain('not computed');
  expect(await words()).not.toContain('1 problem');
  expect(errors).toEqual([]);
  await context.close();
});

it('shows no size of another network while the model has a problem', async () => {
  const { context, errors, cell, words } = await open('broken-model', { model: cells.model.replace('96', '-5') });
  await cell('features').locator('[data-missing="model"]').waitFor();
  expect(await cell('model').locator('.output').innerText()).toBe('Not computed: this cell has a problem');
  expect(await cell('model').locator('.body').innerText()).toContain('6 residual blocks of 64 channels');
  await expect
    .poll(words)
    .toEqual(['never run', 'never run', 'never run', '1 problem', 'not computed', 'not computed']);
  expect(errors).toEqual([]);
  await context.close();
});

it('writes what keeps more rows into the notebook, as one change that is undone', async () => {
  const { page, context, errors, cell } = await open('lost', {
    data: cells.data.replace('6000', '1500'),
    features: 'timeframes:\n  1h: {log_return: {}}\n  4h: {rsi: {}}',
  });
  const bar = cell('features').locator('[data-rows-lost]');
  await bar.waitFor();
  const lost = () => bar.getAttribute('data-rows-lost').then(Number);
  const before = await lost();
  await bar.getByRole('button', { name: /without the 4h timeframe/ }).click();
  await page.getByText('Written into the notebook: without the 4h timeframe').waitFor();
  await expect.poll(lost).toBeLessThan(before / 2);
  expect(await bar.getByRole('button').count()).toBe(0);
  await page.locator('.notices, [role=status]').getByRole('button', { name: 'Undo' }).first().click();
  await expect.poll(lost).toBe(before);
  expect(errors).toEqual([]);
  await context.close();
});

it('gives a spreadsheet numbers', async () => {
  const { page, context, cell } = await open('copied');
  await cell('data').getByText('bars 6,000').waitFor();
  const copied = await page.evaluate(() => {
    const figures = document.querySelector('#cell-data .figures');
    if (figures) document.getSelection()?.selectAllChildren(figures);
    const data = new DataTransfer();
    figures?.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/plain');
  });
  expect(copied).toContain('bars 6000');
  await context.close();
});
