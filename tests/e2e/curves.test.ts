import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';
import { createRun, untilOver } from './create-run.ts';

let app: App;
let browser: Browser;
let id: string;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  id = await createRun(app.api, { train: { epochs: 10, early_stopping: null } });
  expect(await untilOver(app.api, id)).toBe('completed');
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

const chartOf = (page: Page, title: string) => page.locator(`[data-chart="${title}"]`);
const placeOf = async (chart: Locator) => (await chart.locator('.place').textContent()) ?? '';

async function open(width: number, touch = false) {
  const visited = await visit(browser, `${app.url}/runs/${id}`, {
    viewport: { width, height: 800 },
    hasTouch: touch,
    isMobile: touch,
  });
  await chartOf(visited.page, 'loss').locator('svg').first().waitFor();
  return visited;
}

describe('the curves of a finished run', () => {
  it('have one axis of whole epochs, one cursor and one zoom, and the readout is of a point', async () => {
    const { page, errors, context } = await open(1280);
    const [loss, accuracy] = [chartOf(page, 'loss'), chartOf(page, 'directional accuracy')];
    for (const chart of [loss, accuracy, chartOf(page, 'learning rate')]) {
      const ticks = await chart.locator('[aria-label="x-axis tick label"] text').allTextContents();
      expect(ticks).toEqual(['0', '2', '4', '6', '8', '10']);
    }
    expect(await placeOf(loss)).toMatch(/^best checkpoint: epoch \d+ · step [\d,]+$/);
    const plot = loss.locator('.plot');
    await plot.scrollIntoViewIfNeeded();
    const before = await plot.boundingBox();
    if (before === null) throw new Error('the chart is not on the page');
    for (const share of [0.3, 0.45, 0.6]) {
      await page.mouse.move(before.x + share * before.width, before.y + 90);
      await expect.poll(() => placeOf(loss)).toMatch(/^(in )?epoch \d+ · step [\d,]+$/);
      // The frame stays where it is, whatever is pointed at.
      expect(await plot.boundingBox()).toEqual(before);
    }
    expect(await page.locator('.plot > .cursor').count()).toBeGreaterThan(5);

    await page.mouse.down();
    await page.mouse.move(before.x + 0.8 * before.width, before.y + 90, { steps: 4 });
    await page.mouse.up();
    await accuracy.getByRole('button', { name: 'reset zoom' }).click();
    expect(await loss.getByRole('button', { name: 'reset zoom' }).count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('go from point to point by keyboard, and keep what was chosen', async () => {
    const { page, errors, context } = await open(1280);
    await page.getByRole('button', { name: 'step', exact: true }).click();
    const accuracy = chartOf(page, 'directional accuracy');
    await accuracy.locator('.plot').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => placeOf(accuracy)).toMatch(/^epoch 1 · /);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => placeOf(accuracy)).toMatch(/^epoch 2 · /);
    await page.keyboard.press('+');
    await accuracy.getByRole('button', { name: 'reset zoom' }).waitFor();
    await page.reload();
    const chosen = page.getByRole('button', { name: 'step', exact: true });
    await expect.poll(() => chosen.getAttribute('aria-pressed')).toBe('true');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('fit 360 px, and their tools are reached by touch', async () => {
    const { page, errors, context } = await open(360, true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const loss = chartOf(page, 'loss');
    const button = loss.getByRole('button', { name: 'Tools of loss' });
    const size = await button.boundingBox();
    expect(Math.min(size?.width ?? 0, size?.height ?? 0)).toBeGreaterThanOrEqual(44);
    await button.tap();
    await page.getByRole('menuitem', { name: 'Zoom in' }).tap();
    await loss.getByRole('button', { name: 'reset zoom' }).tap();
    await button.tap();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Save as CSV' }).tap(),
    ]);
    expect(download.suggestedFilename()).toBe('R1-loss.csv');
    const [header, first = ''] = readFileSync(await download.path(), 'utf8').split('\n');
    expect(header).toBe('step,epoch,time,train,validation');
    expect(first).toMatch(/^1,0\.\d+,\d{4}-\d\d-\d\dT[\d:.]+Z,\d+\.\d{6,},$/);

    const plot = loss.locator('.plot');
    await plot.scrollIntoViewIfNeeded();
    await plot.tap({ position: { x: 150, y: 90 } });
    await expect.poll(() => placeOf(loss)).toMatch(/^(in )?epoch \d+ · /);
    expect(errors).toEqual([]);
    await context.close();
  });
});
