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

it('the page of the bin says what it holds, gives back what a person wants, and is emptied after a word', async () => {
  const folder = join(app.home, 'notebooks');
  const { page, errors } = await visit(browser, app.url);
  await page.locator('[data-ready]').waitFor({ state: 'attached' });
  const entry = page.locator('[data-notebook="first-run"]');
  const title = await entry.getByRole('link').first().textContent();
  await entry.getByRole('button', { name: /^Actions of/ }).click();
  await page.getByRole('menuitem', { name: 'Move to the bin' }).click();
  await entry.waitFor({ state: 'detached' });
  // What is deleted comes back after a reload as well, from its own page.
  await page.getByRole('link', { name: 'Bin', exact: true }).click();
  await page.locator('[data-bin]').getByText('2 runs and 1 notebook, 2 MB.').waitFor();
  await page.getByRole('button', { name: `Restore ${title}` }).click();
  await page.getByText(`"${title}" is back`).waitFor();
  expect(existsSync(join(folder, 'first-run.md'))).toBe(true);
  await page.getByRole('button', { name: 'Restore R1' }).click();
  await page.getByText('R1 is back').waitFor();
  expect(existsSync(join(app.home, 'runs', ids[0]))).toBe(true);

  await page.getByRole('button', { name: 'Empty the bin' }).click();
  const dialog = page.getByRole('dialog', { name: 'Empty the bin?' });
  await dialog.getByText('The bin holds 1 run, 1 MB. It goes for good').waitFor();
  const picture = process.env['PICTURE'];
  if (picture !== undefined) await page.screenshot({ path: picture });
  await dialog.getByRole('button', { name: 'Keep' }).click();
  expect(existsSync(join(app.home, 'runs', '.bin', ids[1]))).toBe(true);
  await page.getByRole('button', { name: 'Empty the bin' }).click();
  await dialog.getByRole('button', { name: 'Remove 1 run' }).click();
  await page.getByText('1 run removed, 1 MB freed').waitFor();
  await page.getByText('Nothing is in the bin').waitFor();
  expect(readdirSync(join(app.home, 'runs', '.bin'))).toEqual([]);
  expect(errors).toEqual([]);
});
