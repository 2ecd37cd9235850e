import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRun, untilOver } from '#tests/e2e/create-run.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';

let app: App;
let browser: Browser;
let broken: string;
beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), openBrowser()]);
  for (const seed of [1, 2]) {
    const id = await createRun(app.api, { train: { epochs: 1, seed } });
    expect(await untilOver(app.api, id)).toBe('completed');
  }
  broken = await createRun(app.api, { data: { source: 'sample://market?bars=200&step=1h' } });
  expect(await untilOver(app.api, broken)).toBe('failed');
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

const shown = (page: Page) =>
  page.locator('[data-run]').evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-run'))));
const query = (page: Page) => new URL(page.url()).searchParams;

async function open(path: string) {
  const opened = await visit(browser, app.url + path);
  await opened.page.locator('[data-ready]').waitFor({ state: 'attached' });
  await opened.page.locator('[data-run="1"]').waitFor();
  return opened;
}

it('is filtered by keyboard with completion, says what is wrong, and keeps all of it in the address', async () => {
  const { page, context, errors } = await open('/runs');
  expect(await shown(page)).toEqual([3, 2, 1]);
  await page.keyboard.press('/');
  await page.keyboard.type('train.se');
  await page.locator('.cm-tooltip-autocomplete li', { hasText: 'train.seed' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('> 1');
  await expect.poll(() => shown(page)).toEqual([2]);
  expect(query(page).get('filter')).toBe('train.seed > 1');
  // A typo says what was meant, and the rows stay.
  await page.keyboard.type(' and val.dda > 0');
  await page
    .getByText(/Did you mean val\.da\b/)
    .first()
    .waitFor();
  expect(await shown(page)).toEqual([2]);
  await expect.poll(() => query(page).get('filter')).toBe('train.seed > 1 and val.dda > 0');
  await page.reload();
  await page.locator('[data-filter]').getByText('train.seed > 1 and val.dda > 0').waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect.poll(() => shown(page)).toEqual([3, 2, 1]);
  // What the sidecar refuses the browser logs: the page that was loaded with the typo.
  expect(errors.filter((error) => !/40[0-9]|422/.test(error))).toEqual([]);
  await context.close();
});

it('ranks within the same rows, groups with mean and spread, and holds runs against a pinned one', async () => {
  const { page, context, errors } = await open('/runs');
  const loss = async (number: number) =>
    Number(
      /val\.loss ([\d.e-]+)/.exec(
        (await page.locator(`[data-run="${number}"] [data-metric="val.loss"]`).getAttribute('title')) ?? '',
      )?.[1],
    );
  const better = (await loss(1)) < (await loss(2)) ? 1 : 2;
  await page.locator('[data-sort="val.loss"]').click();
  await expect.poll(() => shown(page)).toEqual([better, 3 - better, 3]);
  await page.locator('[data-sort="val.loss"]').click();
  await expect.poll(() => shown(page)).toEqual([3 - better, better, 3]);
  // A run that never got to its rows is ranked with none.
  expect((await page.locator('[data-rows-heading]').allTextContents()).at(-1)).toContain('Rows unknown');

  await page.locator(`[data-run="${better}"]`).hover();
  await page.getByRole('button', { name: `Actions of R${better}` }).click();
  await page.getByRole('menuitem', { name: /Pin as baseline/ }).click();
  const other = page.locator(`[data-run="${3 - better}"] [data-metric="val.loss"] [data-difference]`);
  await expect.poll(() => other.textContent()).toMatch(/worse\s*\+/);
  expect(query(page).get('baseline')).toBe(`R${better}`);
  await page.locator('[data-baseline]').waitFor();
  await page.goBack();
  await page.locator('[data-baseline]').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search keys' }).fill('architecture');
  await page.getByRole('checkbox', { name: /model\.architecture/ }).check();
  await page.keyboard.press('Escape');
  const group = page.locator('[data-group]').first();
  await group.waitFor();
  await expect
    .poll(() => page.locator('[data-group] [data-metric="val.loss"]').allTextContents())
    .toContainEqual(expect.stringContaining('±'));
  expect(errors).toEqual([]);
  await context.close();
});

it('tags, compares and bins by keyboard, with undo, and a view gets a name in the home', async () => {
  const { page, context, errors } = await open('/runs');
  await page.getByRole('grid').focus();
  for (const key of ['j', 'x', 'j', 'x', 't']) await page.keyboard.press(key);
  await page.getByRole('textbox', { name: /^Tags/ }).fill('keep, good');
  await page.keyboard.press('Enter');
  await page.getByText('2 runs tagged keep, good').waitFor();
  const tags = async (number: number) => {
    const { runs } = (await (await fetch(`${app.api}/runs`)).json()) as { runs: { number: number; tags: string[] }[] };
    return runs.find((run) => run.number === number)?.tags;
  };
  expect(await Promise.all([1, 2, 3].map(tags))).toEqual([['keep', 'good'], ['keep', 'good'], []]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => Promise.all([1, 2].map(tags))).toEqual([[], []]);

  await page.getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Escape');
  await page.keyboard.press('#');
  await page.getByText('R3 is in the bin').waitFor();
  await expect.poll(() => shown(page)).toEqual([2, 1]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => shown(page)).toEqual([3, 2, 1]);
  await page.getByRole('grid').focus();
  await page.keyboard.press('#');
  await expect.poll(() => shown(page)).toEqual([2, 1]);
  expect((await fetch(`${app.api}/runs/${broken}`)).status).toBe(404);

  await page.getByRole('button', { name: /^completed/ }).click();
  await expect.poll(() => query(page).get('filter')).toBe('state = completed');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('textbox', { name: 'Name of this view' }).fill('what ended well');
  await page.keyboard.press('Enter');
  await page.getByText('This view is called "what ended well"').waitFor();
  // Another browser has it too.
  const second = await open('/runs');
  await second.page.getByRole('button', { name: 'Views' }).click();
  await second.page.getByRole('link', { name: 'what ended well' }).click();
  await expect.poll(() => query(second.page).get('filter')).toBe('state = completed');
  await second.context.close();

  await page.getByRole('checkbox', { name: 'Tick R1' }).check();
  await page.getByRole('checkbox', { name: 'Tick R2' }).check();
  expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.waitForURL((url) => url.pathname === '/compare' && url.searchParams.get('runs') === 'R1,R2');
  await context.close();
});
