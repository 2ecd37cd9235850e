import { fileURLToPath } from 'node:url';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineReport } from '#core/engines/report.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

const artifacts = fileURLToPath(new URL('../.artifacts/', import.meta.url));
let app: App;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  writeFileSync(join(app.home, 'notebooks', 'choosing.md'), '# Choosing\n\n```yaml train\nepochs: 1\n```\n');
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

const listEngines = async () => (await (await fetch(`${app.api}/engines`)).json()) as readonly EngineReport[];

it('ranks the engines at the train cell for the architecture of the notebook, and measures another when it is chosen', async () => {
  const { page, errors, context } = await visit(browser, `${app.url}/notebooks/choosing`);
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().includes('/api/engines')) asked++;
  });
  const train = page.locator('[data-cell="train"]');
  const speed = train.locator('[data-engine="wasm"] .number', { hasText: /^[\d.]+k? samples\/s$/ });
  await speed.waitFor();
  await expect.poll(() => train.locator('[data-measuring]').count()).toBe(0);
  const asMlp = await speed.textContent();
  await page.locator('[data-cell="model"]').getByLabel('Architecture').selectOption('gru');
  await expect.poll(() => speed.textContent()).not.toBe(asMlp);
  await expect.poll(() => train.locator('[data-measuring]').count()).toBe(0);
  const known = (await listEngines()).find(({ name }) => name === 'wasm')?.models;
  expect(Object.keys(known ?? {}).sort()).toEqual(['gru', 'mlp']);
  // An answer must not be the reason of the next question.
  expect(asked).toBeLessThan(10);
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    const why = train.locator('.why').first();
    if ((await why.count()) > 0) await why.focus();
    await train.screenshot({ path: join(artifacts, `engines-${colorScheme}-${width}.png`) });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  }
  expect(errors).toEqual([]);
  await context.close();
});

it('says at once what an engine that is missing needs, and makes no run with it', async (test) => {
  const missing = (await listEngines()).find(({ available, name }) => !available && name !== 'wasm');
  if (missing === undefined) return test.skip('every engine works on this machine');
  const { page, context } = await visit(browser, `${app.url}/notebooks/choosing`);
  const train = page.locator('[data-cell="train"]');
  const why = train.locator(`[data-engine="${missing.name}"] .why`);
  await why.waitFor();
  // What a screen reader says, whether or not the pointer is there.
  expect(await why.textContent()).toContain(missing.reason);
  expect((await why.locator('.tip').boundingBox())?.width).toBeLessThan(3);
  await why.focus();
  expect((await why.locator('.tip').boundingBox())?.width).toBeGreaterThan(100);

  await train.locator('[data-path="train.engine"]').selectOption(missing.name);
  const issue = train.locator('.issue');
  await issue.waitFor();
  expect(await issue.textContent()).toContain(missing.reason);
  expect(await issue.textContent()).toContain(missing.remedy ?? 'nstall');
  await train.screenshot({ path: join(artifacts, 'engines-missing.png') });
  await page.getByRole('button', { name: /^Run/ }).first().click();
  await page.getByText('No run was made.').waitFor();
  await page.screenshot({ path: join(artifacts, 'engines-refused.png') });
  expect(((await (await fetch(`${app.api}/runs`)).json()) as { runs: unknown[] }).runs).toEqual([]);
  // The same is said where the cell shows its text.
  await train.getByRole('button', { name: 'YAML' }).click();
  expect(await train.getByRole('alert').textContent()).toContain(missing.reason);
  await context.close();
});
