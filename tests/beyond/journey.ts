import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { visit } from '#tests/support/browser.ts';
import { openCheckpoint } from '#tests/support/plain-model.ts';

/** What a person does who comes to a page of another machine for the first time: signs in, runs, and takes what came of it. */
export async function goAllTheWay(browser: Browser, url: string, token: string): Promise<Page> {
  const { page, errors } = await visit(browser, `${url}/`, { ignoreHTTPSErrors: true });
  await signIn(page, token);
  await page.getByRole('link', { name: /A first run/ }).click();
  await page.waitForURL(/\/notebooks\//);
  await page.locator('[data-path="data.source"]').fill('sample://market?seed=5&bars=6000&step=1h');
  await page.locator('[data-path="train.epochs"]').fill('2');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForURL(/\/runs\//);
  await page
    .locator('[data-chart="loss"] [aria-label="line"] path, [data-chart="loss"] [aria-label="dot"] circle')
    .first()
    .waitFor();
  await page.locator('.badge', { hasText: 'completed' }).first().waitFor();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download checkpoint best' }).click(),
  ]);
  const checkpoint = await openCheckpoint(new Uint8Array(readFileSync(await download.path())));
  expect(checkpoint.names.length).toBeGreaterThan(3);
  await page.getByRole('button', { name: 'Copy the sha256 of best' }).click();
  // The wrong token was refused, as it should be.
  expect(errors.filter((text) => !text.includes('401'))).toEqual([]);
  return page;
}

async function signIn(page: Page, token: string): Promise<void> {
  await page.waitForURL(/\/sign-in\?to=/);
  await page.getByLabel('Token').fill('not-the-token-of-this-page');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('That is not the token').waitFor();
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** Follows a run that is held, so that it says little and does not end: what has happened comes without waiting for more. */
export async function followHeld(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const config = { data: { source: 'sample://market?seed=3&bars=6000&step=1h' }, train: { epochs: 10_000 } };
    const post = (path: string, body: object) =>
      fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const made = await post('/api/runs', { config, name: 'Held' });
    const { id } = (await made.json()) as { id: string };
    const statusOf = async () => ((await (await fetch(`/api/runs/${id}`)).json()) as { status: string }).status;
    const until = async (status: string) => {
      while ((await statusOf()) !== status) await new Promise((wake) => setTimeout(wake, 100));
    };
    await until('running');
    await post(`/api/runs/${id}/pause`, {});
    await until('paused');
    const source = new EventSource(`/api/runs/${id}/stream`);
    const first = await new Promise<string>((done, failed) => {
      source.addEventListener('status', (event) => done(event.data));
      source.addEventListener('error', () => failed(new Error('the stream broke')));
    });
    const held = await statusOf();
    source.close();
    await post(`/api/runs/${id}/cancel`, {});
    return `${held}: ${first}`;
  });
}

/** Stores a file of so many bytes through the page's own door; answers what it says. */
export async function upload(page: Page, bytes: number): Promise<{ readonly status: number; readonly bytes: number }> {
  return page.evaluate(async (size) => {
    const answer = await fetch('/files/data?name=large.csv', {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Blob([new Uint8Array(size).fill(49)]),
    });
    const text = await answer.text();
    return { status: answer.status, bytes: answer.ok ? (JSON.parse(text) as { bytes: number }).bytes : 0 };
  }, bytes);
}
