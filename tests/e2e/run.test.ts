import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configSchema } from '#core/config/config.ts';
import { compileConfig } from '#core/config/compile.ts';
import { toFile } from '#core/config/config-file.ts';
import { parseYaml } from '#core/config/yaml.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { type DeliveredEvent, eventSchema } from '#core/run/event.ts';
import { loadBars } from '#trainer/data/load.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';
import { followRun } from '#tests/support/follow-run.ts';
import { openCheckpoint } from '#tests/support/plain-model.ts';
import { asDelivered } from '#tests/support/run-folder.ts';
import { sharedData, sharedDataFolder } from '#tests/support/shared-data.ts';

/** The README's pictures are made anew only when asked: ALMANAC_PICTURES=1. */
const pictures = fileURLToPath(
  new URL(process.env['ALMANAC_PICTURES'] ? './pictures/' : '../.artifacts/', import.meta.url),
);
/** Real hourly bars where the data folder lies beside the checkout; the synthetic market elsewhere. */
const real = sharedData('btcusdt-1h-2017-2022.json') !== null;
const source = real ? 'btcusdt-1h-2017-2022.json' : 'sample://market?seed=5&bars=20000&step=1h';

let app: App;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp({ env: { ALMANAC_DATA_DIRS: sharedDataFolder } }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) hash.update(name).update(readFileSync(path));
  }
  return hash.digest('hex');
}

async function waitForState(page: Page, state: string, seconds = 120): Promise<void> {
  await page
    .locator('.badge', { hasText: state })
    .first()
    .waitFor({ timeout: seconds * 1000 });
}

it('goes from the library to a downloaded checkpoint that plain TensorFlow.js reproduces, and forks', async () => {
  const { page, errors, context } = await visit(browser, `${app.url}/`);
  await page.getByRole('link', { name: /A first run/ }).click();
  await page.waitForURL(/\/notebooks\//);
  await page.locator('[data-path="data.source"]').fill(source);
  await page.locator('[data-path="train.epochs"]').fill('3');
  if (real) {
    const data = page.locator('[data-cell="data"]');
    await data.getByText('45,345').first().waitFor();
    await data.getByText(/27, 127 bars missing/).waitFor();
  }

  const pressed = Date.now();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(/\/runs\//);
  await page
    .locator('[data-chart="loss"] [aria-label="line"] path, [data-chart="loss"] [aria-label="dot"] circle')
    .first()
    .waitFor();
  console.info(`first metric on screen ${((Date.now() - pressed) / 1000).toFixed(2)} s after Run was pressed`);
  const id = page.url().split('/').at(-1) ?? '';
  await waitForState(page, 'completed');
  await page.locator('[data-chart="ret, validation"] svg').first().waitFor();
  await page.getByText('no sign of a leak').first().waitFor();
  await page.locator('#cell-train').evaluate((cell) => cell.scrollIntoView());
  await page.screenshot({ path: join(pictures, 'run-light.png') });

  // The checkpoint, as a person gets it.
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download checkpoint best' }).click(),
  ]);
  const checkpoint = await openCheckpoint(new Uint8Array(readFileSync(await download.path())));
  const folder = join(app.home, 'runs', id);

  // Rows of predictions.csv, from the zip and the same bars alone.
  const { value } = parseYaml(readFileSync(join(folder, 'config.yaml'), 'utf8'));
  const { config, issues } = compileConfig({ config: value as Record<string, unknown> });
  if (config === null) throw new Error(JSON.stringify(issues));
  expect(configSchema.safeParse(toFile(config)).success).toBe(true);
  const { bars } = await loadBars(config.data, { roots: [join(app.home, 'notebooks'), sharedDataFolder] });
  const dataset = assembleDataset(bars, config);
  const rowOf = new Map(Array.from(dataset.decision, (time, row) => [new Date(time).toISOString(), row]));
  const rowsOf = (name: string) => readFileSync(join(folder, name), 'utf8').trim().split('\n');
  const [header = '', ...lines] = rowsOf('predictions.csv');
  expect(header.split(',').slice(0, 4)).toEqual(['time', 'split', 'target', 'prediction']);
  expect(lines.length).toBe(dataset.samples.validation.length);
  const [testHeader, ...testLines] = rowsOf('predictions-test.csv');
  expect([testHeader, testLines.length]).toEqual([header, dataset.samples.test.length]);
  lines.push(...testLines);
  const width = dataset.names.length;
  const task = dataset.tasks[0];
  for (let k = 0; k < 60; k++) {
    const [time = '', , , prediction] = (lines[Math.floor((k * (lines.length - 1)) / 59)] ?? '').split(',');
    const row = rowOf.get(time);
    if (row === undefined) throw new Error(`no bar for ${time}`);
    const window = dataset.features.slice((row - dataset.lookback + 1) * width, (row + 1) * width);
    const [raw = NaN] = checkpoint.predict(window, dataset.lookback, width);
    const expected = raw * (task?.sd ?? 1) + (task?.mean ?? 0);
    expect(Math.abs(expected - Number(prediction))).toBeLessThan(1e-5 * Math.max(1e-2, Math.abs(expected)) + 1e-8);
  }

  // Events: gapless, and the stream, the file and the API agree.
  const events = readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => eventSchema.parse(JSON.parse(line)));
  expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
  expect(new Set(events.map((event) => event.type)).size).toBe(7);
  const streamed: DeliveredEvent[] = [];
  const stop = new AbortController();
  await followRun(
    `${app.url}/api`,
    id,
    0,
    (event) => {
      streamed.push(event);
      if (event.seq === events.length) stop.abort();
    },
    stop.signal,
  ).catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  expect(streamed).toEqual(events.map(asDelivered));
  const expected: Record<string, { step: number[]; value: unknown[] }> = {};
  for (const event of events) {
    if (event.type !== 'metric') continue;
    for (const [name, metric] of Object.entries(event.values)) {
      const series = (expected[name] ??= { step: [], value: [] });
      series.step.push(event.step);
      series.value.push(metric);
    }
  }
  const { series } = await (await fetch(`${app.api}/runs/${id}/metrics?points=100000`)).json();
  expect(Object.keys(series).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, { step, value: values }] of Object.entries(expected)) {
    expect(series[name].step, name).toEqual(step);
    expect(series[name].value, name).toEqual(values);
  }

  // A fork: an edited value, a named change, an untouched parent.
  const before = digestOf(folder);
  const train = page.locator('[data-cell="train"]');
  await train.getByRole('button', { name: 'Form', exact: true }).click();
  await page.locator('[data-path="train.optimizer.learning_rate"]').fill('3e-4');
  await page.getByText('train.optimizer.learning_rate').first().waitFor();
  await page.getByRole('button', { name: 'Run fork' }).click();
  await page.waitForURL((url) => /\/runs\//.test(url.pathname) && !url.pathname.endsWith(id));
  await waitForState(page, 'completed');
  const child = await (await fetch(`${app.api}/runs/${page.url().split('/').at(-1)}`)).json();
  expect(child.parent).toBe(id);
  expect(child.changed).toEqual({ 'train.optimizer.learning_rate': [1e-3, 3e-4] });
  await page
    .getByText(/forked from/i)
    .first()
    .waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(pictures, 'fork-light.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(pictures, 'run-dark.png') });
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.screenshot({ path: join(pictures, 'run-360.png') });
  expect(digestOf(folder)).toBe(before);
  expect(errors).toEqual([]);
  await context.close();
});
