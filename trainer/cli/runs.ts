import { AppError } from '#core/error.ts';
import type { RunSummary } from '#core/run/summary.ts';
import { findRun, listRuns, openRuns } from '#trainer/sidecar/db/run-rows.ts';
import type { Settings } from '#trainer/env.ts';
import { toSummary } from '#trainer/sidecar/runs/describe-run.ts';
import type { Client, RunAnswer, RunList } from './client.ts';
import { findClient, withIndex, withSidecar } from './connect.ts';
import type { Output } from './output.ts';
import { type ForkArguments, followToEnd } from './run.ts';

const pageSize = 50;

/** `almanac ls`: the newest runs. */
export async function lsCommand(settings: Settings, json: boolean, output: Output): Promise<number> {
  const runs = await newestRuns(settings);
  if (json) output.print(JSON.stringify(runs, null, 2));
  else if (runs.length === 0) output.note('no runs yet; start one: npx almanac run <notebook>');
  else for (const run of runs) output.print(listLine(run));
  return 0;
}

async function newestRuns(settings: Settings): Promise<readonly RunSummary[]> {
  const client = findClient(settings);
  if (client !== null) return (await client.get<RunList>(`/runs?limit=${pageSize}`)).runs;
  return withIndex(settings, async ({ db }) => {
    const queue = (await openRuns(db)).filter(({ status }) => status === 'queued').map(({ id }) => id);
    const runs = await listRuns(db, { sort: '-number', limit: pageSize, offset: 0 });
    return runs.map((run) => toSummary(run, queue));
  });
}

function listLine(run: RunSummary): string {
  const loss = run.metrics.best['val.loss'] ?? run.metrics.latest['val.loss'];
  const shown = typeof loss === 'number' ? `val.loss ${loss.toPrecision(4)}` : '';
  return [`R${run.number}`.padEnd(6), run.id, run.status.padEnd(11), run.createdAt.slice(0, 19), run.name, shown]
    .join('  ')
    .trimEnd();
}

/** `almanac show <id>`: all of a run as JSON; `R12` is an id as well. */
export async function showCommand(settings: Settings, id: string, output: Output): Promise<number> {
  const client = findClient(settings);
  const run =
    client === null
      ? await withIndex(settings, async ({ db }) => {
          const summary = await resolveRun(id, () => listRuns(db, { sort: '-number', limit: 100_000, offset: 0 }));
          const found = await findRun(db, summary);
          if (found === undefined) throw missing(id);
          return { ...toSummary(found, []), config: found.config, overrides: found.overrides };
        })
      : await client.get<RunAnswer>(`/runs/${await idOf(client, id)}`);
  output.print(JSON.stringify(run, null, 2));
  return 0;
}

/** `almanac cancel <id>`: returns when the run has ended. */
export async function cancelCommand(settings: Settings, id: string, output: Output): Promise<number> {
  return withSidecar(settings, async (client) => {
    const run = await idOf(client, id);
    await client.post(`/runs/${run}/cancel`);
    for (let look = 0; look < 200; look++) {
      const { status } = await client.get<RunAnswer>(`/runs/${run}`);
      if (status === 'cancelled' || status === 'interrupted' || status === 'completed' || status === 'failed') {
        output.print(`${run} ${status}`);
        return status === 'cancelled' ? 0 : 1;
      }
      await new Promise((wake) => setTimeout(wake, 100));
    }
    output.note(`run ${run} has not ended yet`);
    return 1;
  });
}

/** `almanac fork <id> [override ...] [--from <checkpoint>]`: a changed copy, trained to its end. */
export async function forkCommand(
  settings: Settings,
  { id, overrides, from, json }: ForkArguments,
  output: Output,
): Promise<number> {
  return withSidecar(settings, async (client) => {
    const request = { overrides, ...(from === null ? {} : { from: { checkpoint: from } }) };
    const child = await client.post<{ id: string }>(`/runs/${await idOf(client, id)}/fork`, request);
    return followToEnd(client, child.id, json, output);
  });
}

/** `almanac reindex`: the index built again from the run folders. */
export async function reindexCommand(settings: Settings, output: Output): Promise<number> {
  const client = findClient(settings);
  const report =
    client === null
      ? await withIndex(settings, ({ reindex }) => reindex())
      : await client.post<{ indexed: string[]; failed: { id: string; reason: string }[] }>('/system/reindex');
  for (const { id, reason } of report.failed) output.note(`${id}: ${reason}`);
  output.print(`indexed ${report.indexed.length} runs, ${report.failed.length} could not be read`);
  return report.failed.length === 0 ? 0 : 1;
}

async function idOf(client: Client, text: string): Promise<string> {
  return resolveRun(text, async () => {
    const runs: RunSummary[] = [];
    for (let next: number | null = 0; next !== null;) {
      const page: RunList = await client.get<RunList>(`/runs?limit=500&offset=${next}`);
      runs.push(...page.runs);
      next = page.next;
    }
    return runs;
  });
}

/** An id, or a number as shown (`R12`). */
async function resolveRun(
  text: string,
  list: () => Promise<readonly { readonly id: string; readonly number: number }[]>,
): Promise<string> {
  const number = /^[Rr](\d{1,9})$/.exec(text)?.[1];
  if (number === undefined) {
    if (!/^[0-9a-z]{10,40}$/.test(text)) throw missing(text);
    return text;
  }
  const found = (await list()).find((run) => run.number === Number(number));
  if (found === undefined) throw missing(text);
  return found.id;
}

function missing(id: string): AppError {
  return new AppError('run_not_found', `There is no run ${id}; almanac ls lists those there are.`);
}
