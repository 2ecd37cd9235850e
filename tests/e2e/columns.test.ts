import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { untilOver } from '#tests/e2e/create-run.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

const pictures = fileURLToPath(new URL('../.artifacts/', import.meta.url));

let app: App;
let browser: Browser;
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

async function open(slug: string, cells = '') {
  const small = '```yaml model\nlookback: 16\n```\n\n```yaml train\nepochs: 1\nengine: wasm\n```\n';
  writeFileSync(join(app.home, 'notebooks', `${slug}.md`), `---\ntitle: Foreign\n---\n\n${cells}${small}`);
  const opened = await visit(browser, `${app.url}/notebooks/${slug}`);
  await opened.page.locator('[data-ready]').waitFor({ state: 'attached' });
  return opened;
}

async function drop(page: Page, name: string, content: string) {
  const files = await page.evaluateHandle(
    ([fileName, bytes]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes ?? ''], fileName ?? ''));
      return transfer;
    },
    [name, content],
  );
  await page.dispatchEvent('[data-drop]', 'drop', { dataTransfer: files });
}

/** Bars whose header is of no language there is, with further numbers beside them: which is what nobody can tell. */
function foreignFile(rows: number): string {
  const lines = ['Mool;Trid;Zorp;Ganu;Velk;Osh;Pim'];
  for (let i = 0; i < rows; i++) {
    const [close, open] = [0, 1].map((back) => 100 + 10 * Math.sin((i - back) / 17) + (i - back) / 100);
    const [high, low] = [Math.max(open, close) + 0.3, Math.min(open, close) - 0.2];
    const time = new Date(Date.UTC(2024, 0, 1) + i * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
    const numbers = [90 + (i % 7), close, open].map((value) => value.toFixed(2));
    lines.push([...numbers, time, high.toFixed(2), low.toFixed(2), 80 + (i % 11)].join(';'));
  }
  return `${lines.join('\n')}\n`;
}

it('maps the columns of a foreign file, shows its bars, and trains on them', async () => {
  const { page, context, errors } = await open('foreign');
  await drop(page, 'foreign.csv', foreignFile(1500));
  const data = page.locator('[data-cell="data"]');
  await page.locator('[data-trouble="data"]').waitFor();
  const map = data.locator('[data-columns]');
  await map.getByText('2024-01-01 00:00').waitFor();
  expect(await map.locator('tbody tr').count()).toBe(12);
  expect(await map.locator('thead .name').allTextContents()).toEqual([
    'Mool',
    'Trid',
    'Zorp',
    'Ganu',
    'Velk',
    'Osh',
    'Pim',
  ]);
  await map.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(pictures, 'columns-asked.png') });

  // A time and a close make bars, and the map stays for the rest.
  const roles = { Ganu: 'time', Trid: 'close', Zorp: 'open', Velk: 'high', Osh: 'low', Mool: 'volume' };
  for (const [name, role] of Object.entries(roles)) {
    const select = page.getByLabel(`${name} is`, { exact: true });
    await select.selectOption(role);
    await expect.poll(() => select.inputValue()).toBe(role);
    if (role === 'close') await page.locator('[data-trouble="data"]').waitFor({ state: 'detached' });
  }
  await data.getByText('1,500').first().waitFor();
  await data.locator('svg').first().waitFor();
  const text = () => readFileSync(join(app.home, 'notebooks', 'foreign.md'), 'utf8');
  await expect.poll(text).toMatch(/columns:[\s\S]*time: Ganu/);

  // It stays until the person is done, is out of the way then, and there when it is wanted.
  await map.getByRole('button', { name: 'Done' }).click();
  expect(await data.locator('[data-columns]').count()).toBe(0);
  await data.getByText('time = Ganu · open = Zorp · high = Velk · low = Osh · close = Trid · volume = Mool').waitFor();
  await data.getByText(/^Columns: say which is which/).click();
  await expect.poll(() => page.getByLabel('Velk is', { exact: true }).inputValue()).toBe('high');

  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(/\/runs\//);
  const id = page.url().split('/').at(-1) ?? '';
  expect(await untilOver(app.api, id)).toBe('completed');
  const report = JSON.parse(readFileSync(join(app.home, 'runs', id, 'data.json'), 'utf8'));
  expect(report.cleaning.columns).toMatchObject({ time: 'Ganu', close: 'Trid', volume: 'Mool' });
  expect(report.cleaning.bars).toBe(1500);
  expect(errors.filter((error) => !error.includes('422'))).toEqual([]);
  await context.close();
});

it('asks for the instrument of a file that has several, and takes the one chosen', async () => {
  const rows = ['AAA', 'BBB'].flatMap((symbol, k) =>
    Array.from({ length: 900 }, (_, i) => {
      const time = new Date(Date.UTC(2024, 0, 1) + i * 3_600_000).toISOString();
      return `${symbol},${time},${100 * (k + 1) + 5 * Math.sin(i / 9)}`;
    }),
  );
  writeFileSync(join(app.home, 'notebooks', 'two.csv'), `symbol,time,close\n${rows.join('\n')}\n`);
  const { page, context } = await open('instruments', '```yaml data\nsource: two.csv\n```\n\n');
  await page.locator('[data-trouble="data"]').waitFor();
  const instrument = page.locator('[data-columns]').getByLabel('Instrument');
  await instrument.selectOption('BBB');
  await page.locator('[data-trouble="data"]').waitFor({ state: 'detached' });
  await page.locator('[data-cell="data"]').getByText('900').first().waitFor();
  await expect.poll(() => readFileSync(join(app.home, 'notebooks', 'instruments.md'), 'utf8')).toContain('symbol: BBB');
  await context.close();
});

it('offers further columns of the file as features', async () => {
  const rows = Array.from({ length: 1500 }, (_, i) => {
    const time = new Date(Date.UTC(2024, 0, 1) + i * 3_600_000).toISOString();
    return `${time},${100 + 10 * Math.sin(i / 17)},${i % 8 === 0 ? Math.sin(i / 50) / 1000 : ''},${1000 + (i % 90)},x`;
  });
  writeFileSync(join(app.home, 'notebooks', 'funded.csv'), `time,close,funding_rate,oi,venue\n${rows.join('\n')}\n`);
  const { page, context, errors } = await open('funded', '```yaml data\nsource: funded.csv\n```\n\n');
  const features = page.locator('[data-cell="features"]');
  await features.getByRole('button', { name: 'oi', exact: true }).waitFor();
  expect(await features.getByRole('button', { name: 'venue' }).count()).toBe(0);
  await features.getByRole('button', { name: 'funding_rate', exact: true }).click();
  await page.locator('[data-path="features.columns.funding_rate.period"]').fill('48');
  await expect
    .poll(() => readFileSync(join(app.home, 'notebooks', 'funded.md'), 'utf8'))
    .toMatch(/funding_rate:[\s\S]*transform: z[\s\S]*period: 48/);
  await features.getByText('Look at the features').click();
  await features.getByRole('button', { name: 'column.funding_rate_z_48' }).waitFor();
  await page.getByText(/column\.funding_rate_z_48: 1312 of 1500 bars have no value/).waitFor();
  await features.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(pictures, 'columns-features.png') });

  // A name that the file does not have is said at its cell, and the bars stay.
  await features.getByRole('button', { name: 'Remove column funding_rate' }).click();
  await features.getByRole('button', { name: 'YAML' }).click();
  await features.locator('.cm-content').fill('columns: {funding_rates: {}}');
  await page
    .locator('[data-trouble="features"]')
    .getByText(/did you mean "funding_rate"/)
    .waitFor();
  await page.locator('[data-cell="data"] svg').first().waitFor();
  expect(errors.filter((error) => !error.includes('422'))).toEqual([]);
  await context.close();
});
