import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser } from '#tests/support/browser.ts';
import { longRunId, makeLongRun } from '#tests/support/long-run.ts';
import { scale } from '#tests/support/scale.ts';

const events = scale(1_000_000, 60_000);

let app: App;
let browser: Browser;
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'almanac-home-'));
  mkdirSync(join(home, 'notebooks', 'none'), { recursive: true });
  await makeLongRun(home, events);
  [app, browser] = await Promise.all([startApp({ home }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

interface Answer {
  readonly series?: Readonly<Record<string, { readonly step: readonly number[] }>>;
  readonly samples?: readonly object[];
  readonly lines?: readonly { readonly seq: number }[];
}

/** What the page is answered about the run, by the last part of the path. */
function listen(page: Page): { readonly answers: Map<string, Answer>; readonly streams: string[] } {
  const answers = new Map<string, Answer>();
  const streams: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname === '/api/stream') streams.push(decodeURIComponent(search));
  });
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith(`/api/runs/${longRunId}/`)) return;
    void response.json().then((body: Answer) => answers.set(pathname.split('/').at(-1) ?? '', body));
  });
  return { answers, streams };
}

it('a run of very many events opens with what a screen can show, and streams none of them again', async () => {
  const context = await browser.newContext();
  context.setDefaultTimeout(120_000);
  // The stream is then the page's own, where it can be seen.
  await context.addInitScript(() => Object.defineProperty(window, 'SharedWorker', { value: undefined }));
  const page = await context.newPage();
  const { answers, streams } = listen(page);
  const began = performance.now();
  await page.goto(`${app.url}/runs/${longRunId}`);
  await page.locator(`[data-connection="ended"][data-seq="${events}"]`).waitFor({ state: 'attached' });
  await page.locator('[data-chart="loss"] svg path').first().waitFor({ state: 'attached' });
  const took = Math.round(performance.now() - began);
  // Curves come first; readings, the end of the log and the stream follow.
  await expect.poll(() => streams).toEqual([`?runs=${longRunId}:${events}`]);
  const held = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));

  const curves = Object.values(answers.get('metrics')?.series ?? {}).map(({ step }) => step);
  expect(curves).toHaveLength(2);
  for (const step of curves) {
    expect(step.length).toBeGreaterThan(200);
    expect(step.length).toBeLessThanOrEqual(2000);
    // The whole of it, thinned, and not its end.
    expect(step[0]).toBeLessThan(1000);
    expect(step.at(-1)).toBeGreaterThan(events * 9);
  }
  expect(answers.get('system')?.samples?.length).toBeLessThanOrEqual(1000);
  const lines = answers.get('logs')?.lines ?? [];
  expect(lines.length).toBe(500);
  expect(held.filter((name) => name.includes('/events'))).toEqual([]);
  process.stdout.write(`${events.toLocaleString('en-US')} events: curves after ${took} ms\n`);

  // Older lines of the log are read when they are asked for.
  await page.getByText('last 500 lines').waitFor();
  await page.getByRole('button', { name: 'earlier' }).click();
  await page.getByText(events > 100_000 ? 'last 1000 lines' : '600 lines').waitFor();
  await context.close();
});
