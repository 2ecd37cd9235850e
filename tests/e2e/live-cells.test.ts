import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { untilOver } from '#tests/e2e/create-run.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

const text = `\`\`\`yaml data
source: sample://market?seed=4&bars=6000&step=1h
\`\`\`

\`\`\`yaml features
timeframes:
  1h: {rsi: {period: 14}}
\`\`\`

\`\`\`yaml train
epochs: 1
batch_size: 128
\`\`\`
`;

let app: App;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

async function open(slug: string) {
  writeFileSync(join(app.home, 'notebooks', `${slug}.md`), text);
  const visited = await visit(browser, `${app.url}/notebooks/${slug}`);
  await visited.page.locator('[data-ready]').waitFor({ state: 'attached' });
  const { page } = visited;
  const cell = (name: string) => page.locator(`#cell-${name}`);
  const state = (name: string) => cell(name).locator('.state').innerText();
  const press = async (name: string, keys: string) => {
    await cell(name).focus();
    await page.keyboard.press(keys);
  };
  const runs = async () => ((await (await fetch(`${app.api}/runs`)).json()) as { runs: unknown[] }).runs.length;
  return { ...visited, cell, state, press, runs };
}

it('runs a cell and first what it needs, says why it is stale, and trains nothing unasked', async () => {
  const { page, context, errors, cell, state, press, runs } = await open('cells');
  await cell('features')
    .locator('[data-extent="preview"]', { hasText: 'newest 3,000 of' })
    .or(cell('features').locator('[data-extent="preview"]', { hasText: 'all' }))
    .first()
    .waitFor();
  expect(await state('features')).toContain('never run');

  await press('loss', 'Control+Enter');
  await cell('loss').locator('[data-loss-term="ret"]').waitFor();
  await cell('features').locator('[data-extent="full"]').waitFor();
  for (const name of ['data', 'features', 'targets', 'loss']) expect(await state(name)).toMatch(/fresh\s*·\s*idle/);
  expect(await state('model')).toContain('never run');
  expect(await cell('features').locator('[data-line]').innerText()).toMatch(/^(computed in|from the cache)/);

  // An edit of a key that a cell reads, and of one that it does not.
  await cell('train').locator('[data-path="train.epochs"]').fill('2');
  await cell('features').locator('[data-path="features.timeframes.1h.rsi.period"]').fill('21');
  const isStale = cell('features').locator('[data-line]', { hasText: 'features.timeframes.1h.rsi.period 14 → 21' });
  // Where it takes less than 2 s here it runs at once, else it waits to be asked.
  const isDone = cell('features').locator('.state', { hasText: /fresh/ });
  await isStale.or(isDone).first().waitFor();
  await press('loss', 'Control+Enter');
  await isDone.waitFor();
  await expect.poll(() => state('loss')).toMatch(/fresh\s*·\s*idle/);
  expect(await state('data')).toMatch(/fresh/);
  expect(await runs()).toBe(0);

  // What it was before is what it says again.
  await cell('features').locator('[data-path="features.timeframes.1h.rsi.period"]').fill('-1');
  await expect.poll(() => state('loss')).toContain('not computed');
  await cell('loss').locator('[data-line]', { hasText: 'features has a problem' }).waitFor();
  await cell('features').locator('[data-path="features.timeframes.1h.rsi.period"]').fill('21');
  await expect.poll(() => state('loss')).toContain('fresh');
  expect(await runs()).toBe(0);
  expect(page.url()).toContain('/notebooks/');
  expect(errors).toEqual([]);
  await context.close();
});

it('says beside Run what it would do, and opens the run that is the same instead of making it again', async () => {
  const { page, context, errors, runs } = await open('planned');
  const plan = page.locator('[data-plan]').first();
  await expect.poll(() => plan.innerText()).toMatch(/runs .*train/);
  await page.keyboard.press('Control+Shift+Enter');
  await page.waitForURL(/\/runs\//);
  const first = page.url().split('/').at(-1) ?? '';
  expect(await untilOver(app.api, first)).toBe('completed');

  await page.goto(`${app.url}/notebooks/planned`);
  await expect.poll(() => plan.innerText()).toMatch(/the same as R1/);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(new RegExp(`/runs/${first}$`));
  expect(await runs()).toBe(1);
  await page.getByRole('button', { name: 'Run with seed 2' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(first));
  const child = await (await fetch(`${app.api}/runs/${page.url().split('/').at(-1)}`)).json();
  expect(child).toMatchObject({ parent: first, changed: { 'train.seed': [1, 2] } });
  expect(errors).toEqual([]);
  await context.close();
});
