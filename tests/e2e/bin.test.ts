import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultConfig } from '#core/config/compile.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';
import { runRecord } from '#tests/support/run-record.ts';
import { writeFrozenRun } from '#trainer/run-folder/frozen.ts';

const ids = ['01m8nr2yrkfq9rq2vy28cf', '01m8nr2yrkfq9rq2vy28cg'];
let app: App;
let browser: Browser;
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'almanac-home-'));
  const bin = join(home, 'runs', '.bin');
  mkdirSync(bin, { recursive: true });
  for (const [k, id] of ids.entries()) {
    const record = runRecord({ id, number: k + 1 });
    await writeFrozenRun(bin, { record, source: '', config: defaultConfig(), overrides: [] });
    writeFileSync(join(bin, id, 'predictions.csv'), 'x'.repeat(1_000_000));
  }
  [app, browser] = await Promise.all([startApp({ home }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

it('the bin says what it holds and is emptied after a person has said so', async () => {
  const { page, errors } = await visit(browser, app.url);
  const line = page.locator('[data-bin]');
  await line.getByText('In the bin: 2 runs, 2 MB.').waitFor();
  await line.getByRole('button').click();
  const dialog = page.getByRole('dialog', { name: 'Empty the bin?' });
  await dialog.getByText('The bin holds 2 runs, 2 MB. They go for good').waitFor();
  const picture = process.env['PICTURE'];
  if (picture !== undefined) await page.screenshot({ path: picture });
  await dialog.getByRole('button', { name: 'Keep' }).click();
  expect(existsSync(join(app.home, 'runs', '.bin', ids[0]))).toBe(true);
  await line.getByRole('button').click();
  await dialog.getByRole('button', { name: 'Remove 2 runs' }).click();
  await page.getByText('2 runs removed, 2 MB freed').waitFor();
  await line.waitFor({ state: 'detached' });
  expect(readdirSync(join(app.home, 'runs', '.bin'))).toEqual([]);
  expect(errors).toEqual([]);
});
