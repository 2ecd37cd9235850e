import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

const text = `---
title: Prose and paper
---
# What we ask

Does $\\sqrt{h}$ scale?[^1] See [the end](#The-end), [training](#cell-train) or [the other](other.md). (c)

![a plot](data/plot.png)

- [ ] read the log
- [x] write this

\`\`\`yaml data
source: sample://market?seed=4&bars=6000&step=1h
\`\`\`

\`\`\`yaml features
\`\`\`

\`\`\`yaml train
epochs: 3
\`\`\`

## The end

[^1]: A note from the end.
`;

let app: App;
let browser: Browser;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  const notebooks = join(app.home, 'notebooks');
  mkdirSync(join(notebooks, 'data'), { recursive: true });
  writeFileSync(join(notebooks, 'data', 'plot.png'), PNG.sync.write(new PNG({ width: 40, height: 20 })));
  writeFileSync(join(notebooks, 'paper.md'), text);
  writeFileSync(join(notebooks, 'other.md'), text.replace('Prose and paper', 'The other'));
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

async function open(path: string) {
  const opened = await visit(browser, app.url + path);
  await opened.page.locator('[data-ready]').waitFor({ state: 'attached' });
  return opened;
}

it('shows pictures, maths, notes and tasks, and leads where its links say', async () => {
  const { page, context, errors } = await open('/notebooks/paper');
  const prose = page.locator('[data-cell=prose]').first();
  const picture = prose.getByRole('img', { name: 'a plot' });
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(40);
  await prose.locator('.katex svg').waitFor();
  await prose.getByText('A note from the end.').waitFor();
  await prose.getByText('(c)').waitFor();
  await prose.getByRole('checkbox').first().check();
  await expect
    .poll(() => readFileSync(join(app.home, 'notebooks', 'paper.md'), 'utf8'))
    .toContain('- [x] read the log');
  await prose.getByRole('link', { name: 'the end' }).click();
  await expect.poll(() => new URL(page.url()).hash).toBe('#text-the-end');
  await page.locator('#text-the-end').waitFor();
  await prose.getByRole('link', { name: 'the other' }).click();
  await page.getByRole('heading', { level: 1, name: 'The other' }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

it('stays at the part of the page that its address names, while the page grows above it', async () => {
  const { page, context } = await open('/notebooks/paper#cell-train');
  await page.locator('#cell-features [data-chart]').first().waitFor({ state: 'attached' });
  await expect
    .poll(() =>
      page.locator('#cell-train').evaluate((cell) => Math.round(cell.getBoundingClientRect().top) < innerHeight),
    )
    .toBe(true);
  await context.close();
});

it('prints black on white, as wide as the paper, with every chart drawn', async () => {
  const { page, context } = await open('/notebooks/paper');
  await page.evaluate(() => (document.documentElement.dataset.theme = 'dark'));
  await page.locator('#cell-features [data-chart]').first().waitFor({ state: 'attached' });
  for (const [width, height] of [
    [718, 1000],
    [1046, 700],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    const paper = await page.evaluate(() => {
      const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect();
      const charts = [...document.querySelectorAll('[data-chart]')];
      return {
        ground: getComputedStyle(document.body).backgroundColor,
        ink: getComputedStyle(document.body).color,
        main: Math.round(box('main')?.width ?? 0),
        title: (box('header h1')?.height ?? 0) > 0,
        isCut: document.documentElement.scrollWidth > innerWidth,
        charts: charts.map((chart) => {
          const svg = chart.querySelector('.plot svg')?.getBoundingClientRect();
          const room = chart.getBoundingClientRect();
          return svg ? svg.width > 0.9 * room.width && svg.right <= innerWidth && svg.bottom <= room.bottom + 1 : null;
        }),
      };
    });
    expect(paper).toEqual({
      ...{ ground: 'rgb(255, 255, 255)', ink: 'rgb(0, 0, 0)', title: true, isCut: false },
      main: width,
      charts: paper.charts.map(() => true),
    });
    expect(paper.charts.length).toBeGreaterThan(1);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  }
  await context.close();
});

it('finds and does with Ctrl+K: notebooks, and what the page can do', async () => {
  const { page, context } = await open('/');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'What to find or do' }).fill('the other');
  await page.getByRole('option', { name: /^The other/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/notebooks/other');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'What to find or do' }).fill('dark');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  await context.close();
});
