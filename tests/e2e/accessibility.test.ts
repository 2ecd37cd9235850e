import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun, untilOver } from '#tests/e2e/create-run.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';
import { writeManyRuns } from '#tests/support/many-runs.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let app: App;
let browser: Browser;
let run: string;
/** Runs that are there before any is trained: a table and trees of them. */
const before = 60;
const [one, two] = [before + 1, before + 2];
/** A run that trains while it is looked at; null until it is. */
beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'almanac-home-'));
  writeManyRuns(join(home, 'runs'), before);
  [app, browser] = await Promise.all([startApp({ home }), openBrowser()]);
  const rows = Array.from({ length: 40 }, (_, i) => `1;2;3;4;2024-01-0${1 + (i % 9)} 0${i % 10}:00`);
  writeFileSync(join(app.home, 'notebooks', 'foreign.csv'), `Mool;Trid;Zorp;Velk;Ganu\n${rows.join('\n')}\n`);
  const cells = '```yaml data\nsource: foreign.csv\n```\n\n```yaml features\ncolumns: {Mool: {transform: z}}\n```\n';
  writeFileSync(join(app.home, 'notebooks', 'foreign.md'), `---\ntitle: Foreign\n---\n\n${cells}`);
  run = await createRun(app.api, { targets: { tasks: { ret: { kind: 'return' }, dir: { kind: 'direction' } } } });
  const other = await createRun(app.api, { train: { epochs: 2, seed: 2 } });
  expect(await untilOver(app.api, run)).toBe('completed');
  expect(await untilOver(app.api, other)).toBe('completed');
});
afterAll(async () => {
  await browser?.close();
  await app?.dispose();
});

/** What axe finds, a line a rule and place. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Axe {
      run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>;
    }
    const { violations } = await (window as unknown as { axe: Axe }).axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html }) => `${id} (${help}): ${html.slice(0, 160)}`),
    );
  });
}

const pages: Readonly<Record<string, { path(): string; ready(page: Page): Promise<void> }>> = {
  library: {
    path: () => '/',
    ready: (page) => page.locator(`[data-run="${one}"]`).waitFor(),
  },
  'table of runs': {
    path: () => `/runs?baseline=R${one}`,
    async ready(page) {
      await page.locator('[data-baseline]').waitFor();
      await page
        .getByRole('checkbox', { name: `Tick R${one}` })
        .first()
        .check();
      await page.locator('[data-selection]').waitFor();
    },
  },
  'groups of runs': {
    path: () => '/runs?group=model.architecture',
    ready: (page) => page.locator('[data-group]').first().waitFor(),
  },
  bin: {
    path: () => '/bin',
    ready: (page) => page.getByText('Nothing is in the bin').waitFor(),
  },
  notebook: {
    path: () => '/notebooks/first-run',
    async ready(page) {
      await page.locator('[data-cell="targets"] .figures').waitFor();
      await page.locator('[data-engine="wasm"]').waitFor();
      expect(await page.locator('[data-lineage-value]').count()).toBeGreaterThan(11);
    },
  },
  'notebook of a foreign file': {
    path: () => '/notebooks/foreign',
    ready: (page) => page.locator('[data-columns] tbody tr').first().waitFor(),
  },
  'YAML of a notebook': {
    // Another notebook than above: what is wrong here is saved.
    path: () => '/notebooks/direction-with-a-gru',
    async ready(page) {
      for (const name of ['data', 'model']) {
        await page.locator(`[data-cell="${name}"]`).getByRole('button', { name: 'YAML' }).click();
      }
      await page.locator('[data-cell="model"] .cm-content').fill('lookback: 1');
      await page.locator('[data-cell="model"] .diagnostics').waitFor();
    },
  },
  run: {
    path: () => `/runs/${run}`,
    async ready(page) {
      await page.getByText('Predicted against actual').waitFor();
      await page.locator('[data-cell="data"] svg').first().waitFor();
    },
  },
  'comparison of two runs': {
    path: () => `/compare?runs=R${one},R${two}`,
    async ready(page) {
      await page.locator('[data-scores="validation"] [data-finding]').first().waitFor();
      await page.locator('[data-chart="validation loss"] .plot svg').waitFor();
      await page.locator('[data-chart="probability of up"] .plot svg').waitFor();
      await page.getByRole('button', { name: 'as YAML' }).click();
      await page.locator(`[data-yaml="${two}"]`).waitFor();
    },
  },
  'comparison of five runs': {
    path: () => `/compare?runs=R${one},R${two},R1,R2,R3`,
    async ready(page) {
      await page.locator('[data-heading]').waitFor();
      await page.locator('[data-chart="validation loss"] .plot svg').waitFor();
    },
  },
  'draft of a fork': {
    path: () => `/runs/${run}`,
    async ready(page) {
      await page.locator('[data-fork-from="best"]').click();
      const outline = page.getByRole('button', { name: 'Outline', exact: true });
      if (await outline.isVisible()) await outline.click();
      await page.getByRole('button', { name: 'config.yaml' }).click();
      await page.locator('[data-config]').waitFor();
    },
  },
};

describe.each(Object.entries(pages))('%s', (_name, { path, ready }) => {
  it('has nothing that axe finds, light or dark', async () => {
    const { page, context, errors } = await visit(browser, app.url + path(), {
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    await page.locator('[data-ready]').waitFor({ state: 'attached' });
    await ready(page);
    expect(await findings(page)).toEqual([]);
    // What a page looks like follows the system's preference, without a script: the same page is seen in the dark.
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
    expect(await findings(page)).toEqual([]);
    // A file that cannot be understood is refused, which the browser logs.
    expect(errors.filter((error) => !error.includes('422'))).toEqual([]);
    await context.close();
  });

  it('fits into 360 px without scrolling sideways, and axe finds nothing there either', async () => {
    const { page, context } = await visit(browser, app.url + path(), { viewport: { width: 360, height: 740 } });
    await page.locator('[data-ready]').waitFor({ state: 'attached' });
    await ready(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await findings(page)).toEqual([]);
    await context.close();
  });
});
