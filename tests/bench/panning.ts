// Program: npm run bench:panning. Pans the price chart of a million bars in a real browser and prints the main thread's
// longest tasks (the browser reports those over 50 ms) and the mean time of a frame.
import { openBrowser, visit } from '#tests/support/browser.ts';
import { startApp } from '#tests/support/app.ts';
import { probeFrames } from './frame-probe.ts';

const app = await startApp();
const browser = await openBrowser();
try {
  const { page } = await visit(browser, `${app.url}/notebooks/first-run`);
  await page.locator('[data-path="data.source"]').fill('sample://market?seed=1&bars=1000000&step=1m');
  await page.getByText('1,000,000').first().waitFor({ timeout: 120_000 });
  const plot = page.locator('[data-chart="price"] .plot');
  await page.locator('[data-chart="price"] svg').waitFor();
  await page.waitForTimeout(5000);
  const found = await probeFrames(page);
  await plot.focus();
  await page.keyboard.press('+');
  for (let turn = 0; turn < 20; turn++) {
    await page.keyboard.press(turn % 2 === 0 ? 'Shift+ArrowRight' : 'Shift+ArrowLeft');
    await page.waitForTimeout(50);
  }
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the chart is not on the page');
  await page.mouse.move(box.x + 500, box.y + 80);
  await page.keyboard.down('Shift');
  await page.mouse.down();
  for (let step = 0; step < 120; step++) await page.mouse.move(box.x + 500 - step * 3, box.y + 80);
  await page.mouse.up();
  await page.keyboard.up('Shift');
  process.stdout.write(`1,000,000 bars, 140 pans: ${await found()}\n`);
} finally {
  await browser.close();
  await app.dispose();
}
