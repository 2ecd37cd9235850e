import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from './chromium.ts';

/** @param flags of Chromium, besides those that every test has. */
export async function openBrowser(...flags: readonly string[]): Promise<Browser> {
  const { path, reason } = findChromium();
  if (path === null) throw new Error(reason);
  return chromium.launch({ executablePath: path, args: [...chromiumFlags, ...flags] });
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors the page logged or threw; a test ends with expecting none. */
  readonly errors: readonly string[];
}

/** A page of its own whose every console error and uncaught exception is kept. */
export async function visit(
  browser: Browser,
  url: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  // Nothing but what never comes takes as long.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);
  return { page, context, errors };
}
