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

/** Pixels from what stays at the top to the upper edge of an element. */
const below = (page: Page, id: string) =>
  page.evaluate((name) => {
    const edge = document.querySelector('header.top')?.getBoundingClientRect().bottom ?? 0;
    return Math.round((document.getElementById(name)?.getBoundingClientRect().top ?? NaN) - edge);
  }, id);
const folded = (page: Page) =>
  page.locator('.cell.folded').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-cell')));

it('shows the training after Run, keeps the place on a fork, and folds what the child has in common', async () => {
  const { page, errors, context } = await visit(browser, `${app.url}/notebooks/first-run`);
  await page.locator('[data-ready]').waitFor({ state: 'attached' });
  await page.locator('[data-path="train.epochs"]').fill('3');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(/\/runs\//);
  await expect.poll(() => below(page, 'cell-train')).toBe(12);
  await page.locator('[data-strip="loss"][data-metric="val.loss"]').waitFor();
  // The page has grown above it meanwhile.
  expect(await below(page, 'cell-train')).toBe(12);
  expect(await page.locator('[data-verdict="none"]').count()).toBe(1);
  await page.locator('.badge', { hasText: 'completed' }).first().waitFor();
  await page.locator('[data-verdict-sentence]').waitFor();
  const order = await page
    .locator('[data-cell="prose"], [data-verdict], [data-conclusion], [data-cell="data"]')
    .evaluateAll((parts) => parts.map((part) => Object.keys((part as HTMLElement).dataset)[0]));
  expect(order.indexOf('verdict')).toBeLessThan(order.lastIndexOf('cell'));

  // The strip leads to the curves and back.
  await page.evaluate(() => scrollTo(0, 300));
  await page.locator('.strip .figures').click();
  await expect.poll(() => below(page, 'cell-train')).toBe(12);
  await page.locator('.strip .figures').click();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(300);

  const model = page.locator('[data-cell="model"]');
  await model.getByRole('button', { name: 'Form', exact: true }).click();
  await page.locator('[data-path="model.dropout"]').fill('0.3');
  await page.locator('.banner', { hasText: 'model.dropout' }).waitFor();
  await model.evaluate((cell) => cell.scrollIntoView({ block: 'start' }));
  await page.mouse.wheel(0, 1);
  const before = await below(page, 'cell-model');
  const parent = page.url();
  await page.getByRole('button', { name: 'Run fork' }).click();
  await page.waitForURL((url) => url.href !== parent);
  await page.locator('[data-changed-lines="model"]').waitFor();
  await expect.poll(async () => Math.abs((await below(page, 'cell-model')) - before)).toBeLessThanOrEqual(12);
  expect(await folded(page)).toEqual(['data', 'features', 'targets', 'loss']);
  expect(await page.locator('[data-changed-lines="model"] mark').textContent()).toContain('# R1: 0.2');
  expect(await page.locator('[data-edge="R2"]').getAttribute('href')).toBe('/compare?runs=R1,R2');
  await page.locator('.badge', { hasText: 'completed' }).first().waitFor();
  await page.locator('[data-lineage-note="2"]', { hasText: /[+−±]/ }).waitFor();

  // Its parent goes to the bin: the child opens and says so.
  const { runs } = await (await fetch(`${app.api}/runs`)).json();
  const first = runs.find(({ number }: { number: number }) => number === 1);
  await fetch(`${app.api}/runs/${first.id}`, { method: 'DELETE' });
  await page.reload();
  await page.locator('[data-fork-line]', { hasText: 'R1, which is in the bin' }).waitFor();
  await page.locator('[data-absent="binned"]', { hasText: 'R1' }).waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  const head = await page.locator('header.top > .stays').evaluate((part) => part.getBoundingClientRect().height);
  expect(head).toBeLessThanOrEqual(96);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(errors.filter((text) => !text.includes('404'))).toEqual([]);
  await context.close();
});
