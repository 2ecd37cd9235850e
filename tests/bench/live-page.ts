// Program: npm run bench -- live-page. Opens the page of a run of very short epochs in a real browser and prints what it
// takes at its top, at its curves and at its system readings: the share of the processor, the share of the time in long
// tasks (the browser reports those over 50 ms), how often charts in view and out of it are drawn, the points of their
// lines, and the elements of the page. --profile writes what the scripts did at the curves, as the browser's tools read it.
import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { startApp } from '#tests/support/app.ts';
import { openBrowser, visit } from '#tests/support/browser.ts';
import { until } from '#tests/support/until.ts';

interface Probe {
  begun: number;
  longTasks: number[];
  drawn: Record<string, number>;
}

/** What is measured of the page in a stretch of time. */
interface Stretch {
  readonly seconds: number;
  readonly longTasks: readonly number[];
  /** Pictures a chart was given, by its title. */
  readonly drawn: Readonly<Record<string, number>>;
  readonly events: number;
  /** ms of the processor that each task of the main thread took. */
  readonly tasks: readonly number[];
}

const options = Object.fromEntries(process.argv.slice(2).map((arg) => arg.replace(/^--/, '').split('=', 2)));
const seconds = Number(options['seconds'] ?? 15);
const epochs = Number(options['epochs'] ?? 10_000);
const from = Number(options['from'] ?? 1000);
const isJson = 'json' in options;
const profileFile = options['profile'];

const app = await startApp();
const browser = await openBrowser();
try {
  const config = {
    data: { source: 'sample://market?seed=3&bars=2000&step=1h' },
    model: { architecture: 'mlp', lookback: 8 },
    train: { epochs, early_stopping: null, batch_size: 1024 },
  };
  const created = await fetch(`${app.api}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ config, name: 'Very short epochs' }),
  });
  if (created.status !== 201) throw new Error(await created.text());
  const { id } = (await created.json()) as { id: string };
  const epochOf = async () => {
    const run = (await (await fetch(`${app.api}/runs/${id}`)).json()) as {
      status: string;
      reason: string | null;
      progress: { epoch: number } | null;
    };
    if (run.status === 'failed') throw new Error(run.reason ?? 'the run failed');
    return run.progress?.epoch ?? 0;
  };
  await until(
    async () => (await epochOf()) >= from,
    () => `the run did not come to epoch ${from}`,
  );

  const { page, errors } = await visit(browser, `${app.url}/runs/${id}`);
  await page.locator('[data-chart="loss"] svg').first().waitFor();
  await page.locator('[data-connection="live"]').waitFor();
  for (const place of ['top', 'curves', 'system'] as const) {
    await goTo(page, place);
    await page.waitForTimeout(1500);
    const [before, began] = [await epochOf(), performance.now()];
    const stretch = await measure(page, place === 'curves' ? profileFile : undefined);
    const epochMs = (performance.now() - began) / ((await epochOf()) - before);
    report(place, stretch, epochMs, await shape(page));
  }
  if (errors.length > 0) throw new Error(errors.join('\n'));
} finally {
  await browser.close();
  await app.dispose();
}

/** ms of the processor that each task of the page's main thread took, from a trace: what else the machine does is not in them. */
function tasksOf(trace: Buffer): readonly number[] {
  interface Entry {
    readonly name: string;
    readonly pid: number;
    readonly tid: number;
    readonly tdur?: number;
    readonly args?: { readonly name?: string };
  }
  const { traceEvents } = JSON.parse(String(trace)) as { readonly traceEvents: readonly Entry[] };
  const isMain = new Set(
    traceEvents.flatMap(({ name, pid, tid, args }) =>
      name === 'thread_name' && args?.name === 'CrRendererMain' ? [`${pid} ${tid}`] : [],
    ),
  );
  return traceEvents.flatMap(({ name, pid, tid, tdur = 0 }) =>
    name === 'RunTask' && isMain.has(`${pid} ${tid}`) ? [tdur / 1000] : [],
  );
}

async function goTo(page: Page, place: 'top' | 'curves' | 'system'): Promise<void> {
  if (place === 'top') await page.evaluate(() => scrollTo(0, 0));
  else
    await page
      .locator(place === 'curves' ? '[data-chart="loss"]' : '[data-chart="memory, MB"]')
      .evaluate((node) => node.scrollIntoView({ block: 'center' }));
}

/** Watches the page for a while; the profile, where wanted, is written as the browser's tools read it. */
async function measure(page: Page, profile: string | undefined): Promise<Stretch> {
  const seq = () => page.locator('[data-seq]').first().getAttribute('data-seq').then(Number);
  const before = await seq();
  await page.evaluate(() => {
    const probe: Probe = { begun: performance.now(), longTasks: [], drawn: {} };
    Object.assign(globalThis, { probe });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) probe.longTasks.push(entry.duration);
    }).observe({ type: 'longtask' });
    for (const chart of document.querySelectorAll<HTMLElement>('[data-chart]')) {
      const title = chart.dataset['chart'] ?? '';
      probe.drawn[title] = 0;
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes) {
          for (const node of addedNodes)
            if (node instanceof Element && node.querySelector('path, g') !== null) probe.drawn[title]++;
        }
      }).observe(chart, { subtree: true, childList: true });
    }
  });
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline', 'toplevel'] });
  const session = profile === undefined ? null : await page.context().newCDPSession(page);
  await session?.send('Profiler.enable');
  await session?.send('Profiler.start');
  await page.waitForTimeout(1000 * seconds);
  if (session && profile) {
    const { profile: taken } = await session.send('Profiler.stop');
    writeFileSync(profile, JSON.stringify(taken));
  }
  const { took, longTasks, drawn } = await page.evaluate(() => {
    const { begun, longTasks, drawn } = (globalThis as unknown as { probe: Probe }).probe;
    return { took: performance.now() - begun, longTasks, drawn };
  });
  const tasks = tasksOf(await browser.stopTracing());
  return { seconds: took / 1000, longTasks, drawn, events: (await seq()) - before, tasks };
}

/** Elements of the page, and of each chart whether it is in view and the points of its longest line a pixel column. */
async function shape(page: Page) {
  return page.evaluate(() => {
    const charts = [...document.querySelectorAll<HTMLElement>('[data-chart]')].map((chart) => {
      const svg = chart.querySelector<SVGElement>('.plot svg');
      const paths = [...(svg?.querySelectorAll('[aria-label=line] path') ?? [])];
      const most = Math.max(0, ...paths.map((path) => path.getAttribute('d')?.match(/[ML]/g)?.length ?? 0));
      const { top, bottom } = chart.getBoundingClientRect();
      return {
        title: chart.dataset['chart'] ?? '',
        isInView: bottom > 0 && top < innerHeight,
        points: svg ? most / svg.clientWidth : 0,
      };
    });
    return { elements: document.querySelectorAll('*').length, charts };
  });
}

function report(
  place: string,
  { seconds: took, longTasks, drawn, events, tasks }: Stretch,
  epochMs: number,
  { elements, charts }: Awaited<ReturnType<typeof shape>>,
): void {
  const busy = tasks.reduce((sum, ms) => sum + ms, 0) / 1000 / took;
  const long = tasks.filter((ms) => ms > 50);
  const blocked = longTasks.reduce((sum, ms) => sum + ms, 0) / 1000 / took;
  const rates = charts.map((chart) => ({ ...chart, rate: (drawn[chart.title] ?? 0) / took }));
  if (isJson) {
    const figures = {
      place,
      epochMs,
      eventsPerSecond: events / took,
      busy,
      longOfProcessor: long,
      blocked,
      longTasks,
      charts: rates,
      elements,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    return;
  }
  const words = (isInView: boolean) => {
    const those = rates.filter((chart) => chart.isInView === isInView).map(({ rate }) => rate);
    if (those.length === 0) return '0 charts';
    return `${those.length} charts, each ${Math.min(...those).toFixed(1)} to ${Math.max(...those).toFixed(1)} times a second`;
  };
  process.stdout.write(
    `${place}: ${epochMs.toFixed(1)} ms an epoch, ${(events / took).toFixed(0)} events a second\n` +
      `  the main thread takes ${(100 * busy).toFixed(0)} % of a core, ` +
      `${long.length} tasks over 50 ms of it (the longest ${Math.max(0, ...tasks).toFixed(0)} ms); ` +
      `on the clock ${(100 * blocked).toFixed(0)} % of the time in long tasks (${longTasks.length}, ` +
      `the longest ${Math.max(0, ...longTasks).toFixed(0)} ms)\n` +
      `  drawn in view: ${words(true)}; out of view: ${words(false)}\n` +
      `  at most ${Math.max(...charts.map(({ points }) => points)).toFixed(1)} points of a line a pixel column; ` +
      `${elements} elements\n`,
  );
}
