// Program: npm run bench:comparing. Compares ten runs of 100,000 points each in a real browser, moves the cursor over their
// curves, zooms and pans, and prints how long the page took to stand, the main thread's longest tasks (the browser reports
// those over 50 ms) and the mean time of a frame.
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';
import { makeLongRun } from '#tests/support/long-run.ts';
import { probeFrames } from './frame-probe.ts';

const count = 10;
/** Of a hundred events ninety are metrics. */
const events = 111_200;
const rows = 20_000;

const home = mkdtempSync(join(tmpdir(), 'almanac-home-'));
for (let number = 1; number <= count; number++) {
  const { folder } = await makeLongRun(home, events, { id: `01long${String(number).padStart(16, '0')}`, number });
  const path = join(folder, 'predictions.csv');
  writeFileSync(path, 'time,split,target,prediction,target_ret,prediction_ret,target_dir,prediction_dir\n');
  const lines = Array.from({ length: rows }, (_, at) => {
    const outcome = Math.sin(at * 12.9898) / 100;
    const said = outcome + Math.sin(at * 78.233 + number) / 20;
    const values = [outcome, said, outcome, said, outcome > 0 ? 1 : 0, 1 / (1 + Math.exp(-50 * said))];
    return `${new Date(Date.UTC(2022, 0, 1) + at * 3_600_000).toISOString()},validation,${values.join(',')}\n`;
  });
  appendFileSync(path, lines.join(''));
}
const app = await startApp({ home });
const browser = await openBrowser();
try {
  const names = Array.from({ length: count }, (_, at) => `R${at + 1}`).join(',');
  const asked = performance.now();
  await fetch(`${app.api}/runs/diff?ids=${names}`).then((answer) => answer.text());
  const answered = performance.now() - asked;
  const begun = performance.now();
  const { page, context } = await visit(browser, `${app.url}/compare?runs=${names}&x=step`);
  const plot = page.locator('[data-chart="train loss"] .plot');
  await page.locator('[data-chart="train loss"] .plot svg').waitFor();
  const stood = performance.now() - begun;
  await page.locator('[data-chart="probability of up"] .plot svg').waitFor();
  await plot.scrollIntoViewIfNeeded();
  await page.waitForTimeout(3000);
  // Time that the main thread itself was at work: what other programs take of the machine does not count.
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  const found = await probeFrames(page);
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the chart is not on the page');
  const beforeMoves = await busy();
  for (let step = 0; step < 100; step++) await page.mouse.move(box.x + 80 + step * 3, box.y + 80);
  const beforeZooms = await busy();
  await plot.focus();
  await page.keyboard.press('+');
  for (let turn = 0; turn < 20; turn++) {
    await page.keyboard.press(turn % 2 === 0 ? 'Shift+ArrowRight' : 'Shift+ArrowLeft');
    await page.waitForTimeout(50);
  }
  const afterZooms = await busy();
  process.stdout.write(
    `${count} runs of 100,000 points and ${rows} forecasts: answered in ${answered.toFixed(0)} ms, page stands after ` +
      `${stood.toFixed(0)} ms; main thread at work ${((beforeZooms - beforeMoves) / 100).toFixed(1)} ms a move of the cursor, ` +
      `${((afterZooms - beforeZooms) / 21).toFixed(0)} ms a zoom; ${await found()}\n`,
  );
} finally {
  await browser.close();
  await app.dispose();
}
