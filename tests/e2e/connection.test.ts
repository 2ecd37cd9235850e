import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRun } from '#tests/e2e/create-run.ts';
import { type AppParts, startAppParts } from '#tests/support/app-parts.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

let app: AppParts;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([startAppParts(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

it('says that Almanac does not answer, goes on by itself when it is back, and misses no event', async () => {
  const id = await createRun(app.api, { train: { epochs: 10_000, early_stopping: null } });
  const { page, context } = await visit(browser, `${app.url}/runs/${id}`);
  const sign = (connection: string) => page.locator(`[data-connection="${connection}"]`);
  await page.locator('[data-strip="loss"]').waitFor();
  await sign('live').waitFor();

  await app.killSidecar();
  await sign('offline').waitFor();
  expect(await sign('offline').textContent()).toContain('no answer');
  // What has come stays, and what cannot be done now says why.
  expect(await page.locator('[data-strip="loss"]').count()).toBe(1);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page
    .getByText(/does not answer/)
    .first()
    .waitFor();
  const before = Number(await sign('offline').getAttribute('data-seq'));

  await app.startSidecar();
  await sign('live').waitFor();
  await fetch(`${app.api}/runs/${id}/cancel`, { method: 'POST', headers: { 'content-type': 'application/json' } });
  await sign('ended').waitFor({ state: 'attached' });
  await page.locator('.badge', { hasText: 'cancelled' }).first().waitFor();

  const events = readFileSync(join(app.home, 'runs', id, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n').length;
  expect(events).toBeGreaterThan(before);
  expect(Number(await sign('ended').getAttribute('data-seq'))).toBe(events);
  await context.close();
});

it('reads the log itself where a stream does not get through', async () => {
  const id = await createRun(app.api, { train: { epochs: 3 } });
  const { page, context } = await visit(browser, `${app.url}/`);
  // The stream is then the page's own, which a test can stop.
  await page.addInitScript(() => Object.defineProperty(window, 'SharedWorker', { value: undefined }));
  await page.route('**/stream?*', (route) => route.abort());
  await page.goto(`${app.url}/runs/${id}`);
  await page.locator('[data-connection="polling"]').or(page.locator('[data-connection="ended"]')).first().waitFor();
  await page.locator('[data-connection="ended"]').waitFor({ state: 'attached' });
  const events = readFileSync(join(app.home, 'runs', id, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n').length;
  expect(Number(await page.locator('[data-connection]').first().getAttribute('data-seq'))).toBe(events);
  await context.close();
});
