import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#tests/support/app.ts';
import { startPart } from '#tests/support/app-parts.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';
import { scale } from '#tests/support/scale.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});

/** The web app before a sidecar whose trainers take a quarter of a second a step, and train nothing. */
async function startTabs() {
  const home = temporaryHome();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const sidecar = await startTestSidecar('steady', home, {
    PACE: '250',
    PORT: String(port),
    ALMANAC_CONCURRENCY: String(tabs),
  });
  const env = { PORT: String(port), TRAINER_PORT: String(sidecar.port), ALMANAC_HOME: home };
  const web = await startPart('trainer/web.ts', `${url}/`, env);
  onTestFinished(async () => void (await web.end('SIGTERM')));
  return {
    url,
    /** Connections that the server streams events over. */
    followers: () => sidecar.workspace.hub.followers,
    create: async () => (await sidecar.post<{ id: string }>('/runs')).body.id,
    act: async (id: string, action: string) => {
      expect((await sidecar.post(`/runs/${id}/${action}`)).status).toBe(202);
    },
    eventsOf: (id: string) =>
      readFileSync(join(sidecar.runs, id, 'events.jsonl'), 'utf8')
        .trim()
        .split('\n').length,
  };
}

const sign = (page: Page, connection: string) => page.locator(`[data-connection="${connection}"]`);
const seqOf = async (page: Page) => Number(await page.locator('[data-connection]').first().getAttribute('data-seq'));
const badge = (page: Page, state: string) => page.locator('.badge', { hasText: state }).first();

/** A browser has six connections for a server over HTTP/1.1. */
const tabs = scale(10, 3);

it('tabs of live runs are live over one connection, and the last can pause, stop and see a resume', async () => {
  const { url, followers, create, act, eventsOf } = await startTabs();
  const ids: string[] = [];
  for (let run = 0; run < tabs; run++) ids.push(await create());
  const { context, page: first, errors } = await visit(browser, `${url}/runs/${ids[0]}`);
  const pages = [first];
  for (const id of ids.slice(1)) {
    const page = await context.newPage();
    page.on('pageerror', (error) => void (errors as string[]).push(String(error)));
    await page.goto(`${url}/runs/${id}`);
    pages.push(page);
  }
  for (const page of pages) await sign(page, 'live').waitFor();
  for (const page of pages) {
    const before = await seqOf(page);
    await expect.poll(() => seqOf(page)).toBeGreaterThan(before);
  }
  expect(followers()).toBe(1);

  const [id, last] = [ids[tabs - 1], pages[tabs - 1]];
  // Another tab of the same run hears of what the last one does.
  const other = pages[tabs - 2];
  await other.goto(`${url}/runs/${id}`);
  await sign(other, 'live').waitFor();
  await last.getByRole('button', { name: 'Pause' }).click();
  for (const page of [last, other]) await badge(page, 'paused').waitFor();
  await last.getByRole('button', { name: 'Resume' }).click();
  for (const page of [last, other]) await badge(page, 'running').waitFor();
  await last.getByRole('button', { name: 'Stop' }).click();
  for (const page of [last, other]) {
    await badge(page, 'cancelled').waitFor();
    await sign(page, 'ended').waitFor({ state: 'attached' });
    expect(await seqOf(page)).toBe(eventsOf(id));
  }
  // Resumed elsewhere, it goes on in every tab.
  await act(id, 'resume');
  for (const page of [last, other]) {
    await badge(page, 'running').waitFor();
    await sign(page, 'live').waitFor();
  }

  for (const page of pages.slice(0, -1)) await page.close();
  const before = await seqOf(last);
  await expect.poll(() => seqOf(last)).toBeGreaterThan(before);
  expect(followers()).toBe(1);
  await last.close();
  await expect.poll(followers).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

it('the list of runs is told what changes, over the connection that carries the runs', async () => {
  const { url, followers, create, act } = await startTabs();
  const { context, page } = await visit(browser, `${url}/`);
  const live = await context.newPage();
  await expect.poll(followers).toBe(1);
  const id = await create();
  await page.locator(`a[href="/runs/${id}"]`).first().waitFor();
  await live.goto(`${url}/runs/${id}`);
  await sign(live, 'live').waitFor();
  expect(followers()).toBe(1);
  await act(id, 'cancel');
  await page
    .locator('tr', { has: page.locator(`a[href="/runs/${id}"]`) })
    .getByText('cancelled')
    .first()
    .waitFor();
  await context.close();
  await expect.poll(followers).toBe(0);
});

it('where there is no shared worker a page has a connection of its own, and none while it is hidden', async () => {
  const { url, followers, create, act, eventsOf } = await startTabs();
  const id = await create();
  const context = await browser.newContext();
  await context.addInitScript(() => {
    Object.defineProperty(window, 'SharedWorker', { value: undefined });
  });
  const page = await context.newPage();
  await page.goto(`${url}/runs/${id}`);
  await sign(page, 'live').waitFor();
  expect(followers()).toBe(1);
  const turn = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await turn(true);
  await expect.poll(followers).toBe(0);
  await turn(false);
  await expect.poll(followers).toBe(1);
  await act(id, 'cancel');
  await sign(page, 'ended').waitFor({ state: 'attached' });
  expect(await seqOf(page)).toBe(eventsOf(id));
  expect(await page.locator('[data-missing="0"]').count()).toBe(1);
  await context.close();
  await expect.poll(followers).toBe(0);
});
