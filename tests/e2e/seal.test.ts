import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventSchema } from '#core/run/event.ts';
import { createRun, untilOver } from '#tests/e2e/create-run.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

let app: App;
let browser: Browser;
let run: string;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  run = await createRun(app.api);
  expect(await untilOver(app.api, run)).toBe('completed');
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

/** The test scores of the run's log that its validation does not have, as figures are shown. */
function secrets(): readonly string[] {
  const lines = readFileSync(join(app.home, 'runs', run, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const results = lines.map((line) => eventSchema.parse(JSON.parse(line))).filter((event) => event.type === 'result');
  const shown = (split: string) =>
    results
      .flatMap((event) => (event.split === split ? Object.values(event.metrics) : []))
      .map((value) => String(value));
  const validation = new Set(shown('validation'));
  return shown('test').filter((value) => /^0\.\d{8,}$/.test(value) && !validation.has(value));
}

const told = (page: Page) => page.evaluate(() => document.documentElement.outerHTML);
const envelope = (page: Page) => page.getByRole('region', { name: 'Sealed test results' });
const results = (page: Page) => page.getByRole('region', { name: 'Test results of R1' });

it('shows an envelope in place of the test, opens it at one press for good, and nothing of it before', async () => {
  const values = secrets();
  expect(values.length).toBeGreaterThan(3);
  const { page, errors, context } = await visit(browser, `${app.url}/runs/${run}`);
  await envelope(page)
    .getByText(/scored when the run ended; those of R\d+ were seen by nobody/)
    .waitFor();
  await page.locator('[data-chart^="ret, validation"] svg, [data-chart="validation"] svg').first().waitFor();
  const before = await told(page);
  expect(values.filter((value) => before.includes(value))).toEqual([]);
  expect(await results(page).count()).toBe(0);
  expect(await page.getByRole('combobox', { name: 'Split' }).count()).toBe(0);

  await page.getByRole('button', { name: 'Open the test results of R1', exact: true }).click();
  await results(page).getByRole('group', { name: 'Results: test', exact: true }).first().waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Test results of R1');
  await page.getByRole('status').getByText('The test results of R1 are open.').waitFor();
  expect(await envelope(page).count()).toBe(0);
  const after = await told(page);
  expect(values.filter((value) => after.includes(value)).length).toBeGreaterThan(0);
  await page.getByRole('combobox', { name: 'Split' }).selectOption('test');
  await page.locator('[data-chart^="ret, test"] svg, [data-chart="test"] svg').first().waitFor();

  await page.reload();
  await results(page).getByRole('group', { name: 'Results: test', exact: true }).first().waitFor();
  await results(page)
    .getByText(/^Opened on \d+ \w+ \d{4}/)
    .waitFor();
  expect(await envelope(page).count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

it('gives a spreadsheet a score and the ends of its interval as numbers in full, a cell each', async () => {
  const { page, context } = await visit(browser, `${app.url}/runs/${run}`);
  const row = page.getByRole('group', { name: 'Results: validation', exact: true }).locator('[data-metric="da"]');
  await row.waitFor();
  const copied = await row.evaluate((element) => {
    document.getSelection()?.selectAllChildren(element);
    const data = new DataTransfer();
    element.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/plain').split('\t');
  });
  const told = readFileSync(join(app.home, 'runs', run, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const events = told.map((line) => eventSchema.parse(JSON.parse(line)));
  const result = events.find((event) => event.type === 'result' && event.split === 'validation');
  const metrics = result?.type === 'result' ? result.metrics : {};
  expect(metrics.da_low).toBeTypeOf('number');
  expect(copied.slice(1, 4)).toEqual(['da', 'da_low', 'da_high'].map((name) => String(metrics[name])));
  await context.close();
});

it('says in place why an envelope was not opened', async () => {
  const id = await createRun(app.api);
  expect(await untilOver(app.api, id)).toBe('completed');
  const { page, context } = await visit(browser, `${app.url}/runs/${id}`);
  await envelope(page).getByRole('button').waitFor();
  await page.route('**/test', (route) =>
    route.fulfill({ status: 409, json: { error: { code: 'state_conflict', message: 'workspace.json is damaged.' } } }),
  );
  await envelope(page).getByRole('button').click();
  await envelope(page).getByRole('alert').getByText('They were not opened: workspace.json is damaged.').waitFor();
  await page.unroute('**/test');
  await envelope(page).getByRole('button').click();
  await page.getByRole('region', { name: 'Test results of R2' }).waitFor();
  await context.close();
});
