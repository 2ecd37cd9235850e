import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunDetail } from '#core/run/summary.ts';
import { untilOver } from '#tests/e2e/create-run.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

const text = `---
title: What does a day add
---
Does a day of context beat an hour?

\`\`\`yaml data
source: sample://market?seed=3&bars=6000&step=1h
\`\`\`

\`\`\`yaml model
lookback: 32 # bars
\`\`\`

\`\`\`yaml train
epochs: 2
\`\`\`
`;

let app: App;
let browser: Browser;
let id: string;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  writeFileSync(file(), text);
  const answer = await fetch(`${app.api}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ notebook: 'day', overrides: ['train.seed=5'] }),
  });
  ({ id } = (await answer.json()) as { id: string });
  expect(await untilOver(app.api, id)).toBe('completed');
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

const file = () => join(app.home, 'notebooks', 'day.md');
const detail = async () => (await (await fetch(`${app.api}/runs/${id}`)).json()) as RunDetail;

function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) hash.update(name).update(readFileSync(path));
  }
  return hash.digest('hex');
}

async function openRun() {
  const opened = await visit(browser, `${app.url}/runs/${id}`);
  await opened.page.locator('[data-ready]').waitFor({ state: 'attached' });
  return opened;
}

/** Types into the editor that has the focus, and saves it. */
async function write(page: Page, words: string) {
  await page.locator('.cm-focused').waitFor();
  await page.keyboard.press('Control+A');
  await page.keyboard.type(words);
  await page.keyboard.press('Escape');
}

it('takes down what was learned at a finished run, without a fork and without a touch of its folder', async () => {
  const folder = join(app.home, 'runs', id);
  const before = hashOf(folder);
  const { page, context, errors } = await openRun();

  await page.getByRole('button', { name: 'Write a conclusion' }).click();
  await write(page, 'A day adds nothing to R1.');
  const conclusion = page.locator('[data-conclusion]');
  await conclusion.getByText('conclusion · written').waitFor();
  await conclusion.getByRole('link', { name: 'R1' }).hover();
  const card = page.getByRole('tooltip');
  await card.getByText(/validation DA 0\.\d+/).waitFor();
  await expect.poll(() => card.textContent()).toContain('A day adds nothing to R1.');

  // By keys alone: b below the train cell begins a passage.
  await page.locator('[data-cell="train"]').focus();
  await page.keyboard.press('b');
  await write(page, 'It learned in **two** epochs.');
  await page.locator('[data-passage="p1"] strong').waitFor();

  await page.getByText('Does a day of context').dblclick();
  await write(page, 'Does a day of context beat an hour, on this market?');
  const question = page.locator('[data-run-text="top"]');
  await question.getByText('on this market?').waitFor();
  await question.getByRole('button', { name: 'as it ran' }).click();
  await question.getByText('Does a day of context beat an hour?', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Star R1' }).click();
  await page.getByRole('button', { name: 'tag', exact: true }).click();
  await page.getByRole('textbox', { name: 'New tag' }).fill('context');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Change the/ }).click();
  await page.getByRole('textbox', { name: 'Name of R1' }).fill('A day');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.title()).toContain('R1 A day');

  expect(await page.locator('.banner', { hasText: 'Draft of a fork' }).count()).toBe(0);
  expect(hashOf(folder)).toBe(before);
  await expect.poll(async () => (await detail()).name).toBe('A day');
  expect(await detail()).toMatchObject({
    conclusion: 'A day adds nothing to R1.',
    starred: true,
    tags: ['context'],
    prose: [
      { after: 'train', replaces: false, text: 'It learned in **two** epochs.' },
      { after: null, replaces: true, text: 'Does a day of context beat an hour, on this market?' },
    ],
  });
  // Called by its number, and read again from the server.
  await page.goto(`${app.url}/runs/R1`);
  await page.waitForURL(`**/runs/${id}`);
  await page.locator('[data-passage="p1"]').waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

it('keeps the draft of a fork with the home: it is in another browser, and two at once are told', async () => {
  const openForm = async () => {
    const opened = await openRun();
    await opened.page.locator('[data-cell="train"]').getByRole('button', { name: 'Form' }).click();
    return opened;
  };
  const one = await openForm();
  await one.page.locator('[data-path="train.epochs"]').fill('3');
  await one.page.getByText('Draft of a fork of R1').waitFor();
  const drafts = join(app.home, 'notebooks', '.drafts', `${id}.json`);
  const kept = () => {
    try {
      return readFileSync(drafts, 'utf8');
    } catch {
      return '';
    }
  };
  await expect.poll(kept).toContain('epochs: 3');

  const other = await openForm();
  await expect.poll(() => other.page.locator('[data-path="train.epochs"]').inputValue()).toBe('3');
  await other.page.locator('[data-path="train.epochs"]').fill('4');
  await expect.poll(kept).toContain('epochs: 4');
  await one.page.locator('[data-path="train.seed"]').fill('9');
  const banner = one.page.locator('.banner', { hasText: 'changed in another browser' });
  await banner.waitFor();
  expect(kept()).not.toContain('seed: 9');
  await banner.getByRole('button', { name: /take the other/ }).click();
  await expect.poll(() => one.page.locator('[data-path="train.epochs"]').inputValue()).toBe('4');
  await one.page.getByRole('button', { name: 'discard the draft' }).click();
  await expect.poll(kept).toBe('');
  expect([...one.errors, ...other.errors].filter((line) => !line.includes('412'))).toEqual([]);
  await one.context.close();
  await other.context.close();
});

it('brings what a run trained back to its notebook, undoes that, and makes a notebook of the run', async () => {
  writeFileSync(file(), text.replace('lookback: 32', 'lookback: 48').replace('Does a day', 'Would a day'));
  const changed = readFileSync(file(), 'utf8');
  const { page, context, errors } = await openRun();
  await page.getByRole('button', { name: 'More of R1' }).click();
  await page.getByRole('menuitem', { name: /Bring its configuration back/ }).click();
  const brought = changed.replace('lookback: 48', 'lookback: 32').replace('epochs: 2\n', 'epochs: 2\nseed: 5\n');
  await expect.poll(() => readFileSync(file(), 'utf8')).toBe(brought);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => readFileSync(file(), 'utf8')).toBe(changed);

  await page.getByRole('button', { name: 'More of R1' }).click();
  await page.getByRole('menuitem', { name: /Save as a new notebook/ }).click();
  await page.waitForURL(/\/notebooks\/a-day-from-r1/);
  await page.getByRole('button', { name: /^Change the/ }).click();
  await page.getByRole('textbox', { name: 'Title of this notebook' }).fill('A whole day');
  await page.keyboard.press('Enter');
  const made = () => readFileSync(join(app.home, 'notebooks', 'a-day-from-r1.md'), 'utf8');
  await expect.poll(made).toContain('title: "A whole day"');
  expect(made()).toContain('on this market?');
  expect(made()).toContain('lookback: 32 # bars');
  expect(made()).toContain('seed: 5');
  expect(errors).toEqual([]);
  await context.close();
});
