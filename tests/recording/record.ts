/**
 * Records the second run as README shows it: train, change a value, read the plan, run the fork with its work reused, compare,
 * write a conclusion. `npm run record` writes tests/recording/second-run.gif.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { startApp } from '#tests/support/app.ts';
import { openBrowser } from '#tests/support/browser.ts';
import { encodeGif, type Frame } from './gif.ts';

const size = { width: 1100, height: 720 };
const notebook = `---
title: A second run
---
Does a longer window help?

\`\`\`yaml data
source: sample://market?seed=4&bars=20000&step=1h
\`\`\`

\`\`\`yaml features
\`\`\`

\`\`\`yaml model
lookback: 32
\`\`\`

\`\`\`yaml train
epochs: 8
early_stopping: null
\`\`\`
`;

const frames: Frame[] = [];
async function show(page: Page, delay: number): Promise<void> {
  frames.push({ png: await page.screenshot(), delay });
}

/** A picture every so often until something is there. */
async function watch(page: Page, until: () => Promise<boolean>, every = 900): Promise<void> {
  while (!(await until())) {
    await show(page, 220);
    await page.waitForTimeout(every);
  }
}

const app = await startApp();
const browser = await openBrowser();
try {
  writeFileSync(join(app.home, 'notebooks', 'second.md'), notebook);
  const context = await browser.newContext({ viewport: size, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(`${app.url}/notebooks/second`);
  await page.locator('[data-ready]').waitFor({ state: 'attached' });
  await page.locator('#cell-data [data-chart] .plot svg').first().waitFor();
  await show(page, 1600);

  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(/\/runs\//);
  const isDone = () => page.locator('.badge', { hasText: 'completed' }).first().isVisible();
  await page.locator('[data-strip="loss"]').waitFor();
  await watch(page, isDone);
  await show(page, 1600);

  const model = page.locator('#cell-model');
  await model.scrollIntoViewIfNeeded();
  await model.getByRole('button', { name: 'Form' }).click();
  const lookback = page.locator('[data-path="model.lookback"]');
  await lookback.fill('64');
  await lookback.blur();
  await page.getByText('reuses data').first().waitFor();
  await show(page, 2600);

  const before = page.url();
  await page.getByRole('button', { name: 'Run fork' }).click();
  await page.waitForURL((url) => url.href !== before && url.pathname.startsWith('/runs/'));
  await page.locator('[data-fork-line]').waitFor();
  await watch(page, isDone);
  await page.evaluate(() => scrollTo(0, 0));
  await page.locator('[data-reused]').waitFor();
  await show(page, 2600);

  await page
    .getByRole('button', { name: /conclusion/i })
    .first()
    .click();
  await page.keyboard.type('A longer window changes nothing that these hours can show.', { delay: 5 });
  await page.keyboard.press('Escape');
  await page.waitForTimeout(600);
  await show(page, 2200);

  await page
    .getByRole('link', { name: /^compare with/ })
    .first()
    .click();
  await page.waitForURL(/\/compare/);
  await page.getByRole('heading', { name: 'Scores on the common rows' }).waitFor();
  await page.waitForTimeout(1500);
  await show(page, 2600);
  await page.mouse.wheel(0, 620);
  await page.waitForTimeout(1200);
  await show(page, 3200);

  const file = fileURLToPath(new URL('./second-run.gif', import.meta.url));
  const gif = encodeGif(frames);
  writeFileSync(file, gif);
  console.log(`${frames.length} frames, ${Math.round(gif.length / 1000)} kB: ${file}`);
} finally {
  await browser.close();
  await app.dispose();
}
