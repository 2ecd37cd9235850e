import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRun, untilOver } from '#tests/e2e/create-run.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

let app: App;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  const features = (period: number) => ({ timeframes: { '1h': { log_return: { period: 1 }, rsi: { period } } } });
  const ids = [
    await createRun(app.api, { features: features(14) }),
    await createRun(app.api, { features: features(21) }),
    await createRun(app.api, { features: features(14), targets: { horizon: 4 } }),
  ];
  for (const id of ids) expect(await untilOver(app.api, id)).toBe('completed');
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

const compared = (page: Page) =>
  page.locator('[data-compared]').evaluateAll((all) => all.map((one) => one.getAttribute('data-compared')));

it('runs stand beside each other, and the address brings the same back', async () => {
  const { page, context, errors } = await visit(browser, `${app.url}/compare?runs=R1,R2`);
  await page.locator('html[data-ready]').waitFor();
  // What the tests say stands on top, and the one key that was changed below it.
  await page.locator('[data-heading]').getByText(/R2/).waitFor();
  expect(await page.locator('[data-keys]').textContent()).toMatch(/^[1-9]\d? of \d+ keys$/);
  const changed = page.locator('[data-cell="features"] [data-key="timeframes.1h.rsi.period"]');
  expect(await changed.locator('td').allTextContents()).toEqual(['14', '21 +7']);
  await page.getByRole('button', { name: 'show the equal ones' }).click();
  await page.locator('[data-cell="data"] [data-key="source"]').waitFor();
  expect(
    await page.locator('[data-metric="da"] [data-run="2"] .whisker [role="img"]').getAttribute('aria-label'),
  ).toMatch(/^DA, R2 against R1: .* right is better/);
  // One look at the curves, of both, on another axis and smoothed.
  const chart = page.locator('[data-chart="validation loss"]');
  await chart.locator('.end-label').filter({ hasText: 'R2' }).waitFor();
  await page.getByRole('group', { name: 'Horizontal axis' }).getByRole('button', { name: 'samples' }).click();
  await page.getByLabel('smoothing').selectOption({ label: 'strong' });
  await page.waitForURL(/x=samples&smoothing=0\.9/);
  // From one disagreement to the next, which the address keeps as well.
  const stretch = page.locator('[data-stretch]');
  await stretch.waitFor();
  const first = await stretch.textContent();
  for (let turn = 0; turn < 3 && page.url().includes('from=') === false; turn++) {
    await page.getByRole('button', { name: 'next', exact: true }).click();
  }
  await page.waitForURL(/from=.*&to=/);
  const address = page.url();
  // With the other as the base everything is turned round, and no run changes its colour.
  await page.locator('[data-make-base]').click();
  await page.waitForURL(/base=R2/);
  await page.locator('[data-metric="da"] [data-run="1"]').waitFor();
  expect(await compared(page)).toEqual(['1', '2']);
  expect(first).toContain('UTC');
  expect(errors).toEqual([]);
  await context.close();

  const again = await visit(browser, address);
  await again.page.locator('[data-stretch]').waitFor();
  expect(await again.page.getByRole('button', { name: 'samples' }).getAttribute('aria-pressed')).toBe('true');
  expect(await again.page.getByLabel('smoothing').inputValue()).toBe('0.9');
  expect(again.page.url()).toBe(address);
  await again.context.close();
});

it('runs of other tasks say what may be compared, a run is added and left out, and a conclusion stays', async () => {
  const { page, context, errors } = await visit(browser, `${app.url}/compare?runs=R1,R3`);
  await page.locator('html[data-ready]').waitFor();
  await page.locator('[data-heading]').getByText('The scores of R1 and R3 cannot be compared.').waitFor();
  await page
    .locator('[data-lead]')
    .getByText(/R1 looks 12 bars ahead, R3 4/)
    .waitFor();
  await page.locator('[data-edges]').getByText('DA, over').first().waitFor();
  expect(await page.locator('[data-test-sealed]').textContent()).toContain('Sealed for R1 and R3.');

  await page.getByRole('button', { name: 'Add a run' }).click();
  await page.getByLabel('Find a run').fill('R2');
  await page.getByRole('dialog').getByRole('button', { name: /R2/ }).click();
  await page.waitForURL(/runs=R1,R3,R2/);
  await page.locator('[data-run="2"] [data-finding]').first().waitFor();
  await page.getByRole('link', { name: 'Leave out R3' }).click();
  await page.waitForURL(/runs=R1,R2$/);

  await page.getByRole('button', { name: 'Write a conclusion' }).click();
  const words = page.locator('[data-comparison-conclusion]');
  await words.locator('.cm-content').fill('The slower RSI is noise.');
  await page.keyboard.press('Control+Enter');
  await page.getByText('kept with R2, the newest of them').waitFor();
  await page.reload();
  await page.locator('html[data-ready]').waitFor();
  await page.getByText('kept with R2, the newest of them').waitFor();
  await words.getByText('The slower RSI is noise.').waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

it('the runs of further seeds are made from the page', async () => {
  const { page, context } = await visit(browser, `${app.url}/compare?runs=R1,R2`);
  await page.locator('html[data-ready]').waitFor();
  await page.getByRole('button', { name: /^Run both with seeds 2 and 3 · 4 runs/ }).click();
  await page
    .locator('[data-seeds-panel]')
    .getByText(/On their way|Seeds change/)
    .waitFor();
  const { runs } = (await (await fetch(`${app.api}/runs?limit=50`)).json()) as {
    runs: readonly { id: string; changed: Readonly<Record<string, readonly unknown[]>> }[];
  };
  expect(runs.flatMap(({ changed }) => ('train.seed' in changed ? [changed['train.seed']] : [])).sort()).toEqual(
    [1, 1, 1, 1].map((seed, at) => [seed, 2 + Math.floor(at / 2)]),
  );
  for (const { id, changed } of runs) if ('train.seed' in changed) await untilOver(app.api, id);
  await page.locator('[data-metric="da"] .seeds').first().waitFor();
  await context.close();
});
