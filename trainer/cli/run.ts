import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { AppError } from '#core/error.ts';
import { emptyRunView, reduceRun, type RunView } from '#core/run/reduce.ts';
import { isFinal } from '#core/run/state.ts';
import type { Settings } from '#trainer/env.ts';
import type { Client, RunAnswer } from './client.ts';
import { withSidecar } from './connect.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';

export interface RunArguments {
  readonly notebook: string;
  readonly overrides: readonly string[];
  readonly json: boolean;
}

/** `almanac run`: exit code 0 only where the run completed. */
export async function runCommand(settings: Settings, args: RunArguments, output: Output): Promise<number> {
  const request = await readRequest(settings, args);
  return withSidecar(settings, async (client) => {
    const { id } = await client.post<{ id: string }>('/runs', request);
    return followToEnd(client, id, args.json, output);
  });
}

/** A slug, or a file: of a file outside the notebooks folder the text is sent. */
async function readRequest(settings: Settings, { notebook, overrides }: RunArguments) {
  const path = resolve(notebook);
  if (!existsSync(path) || !path.endsWith('.md')) return { notebook: notebook.replace(/\.md$/, ''), overrides };
  const source = await readFile(path, 'utf8');
  const slug = basename(path, '.md');
  const inHome = dirname(path) === resolve(settings.notebooks);
  return { source, overrides, ...(inHome ? { notebook: slug } : { name: slug }) };
}

/** Shows a run until it ends. Ctrl+C stops the showing; the run goes on, and the last words say how to stop it. */
export async function followToEnd(client: Client, id: string, json: boolean, output: Output): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  let view: RunView = emptyRunView();
  try {
    if (!json) output.note(`run ${id}`);
    for await (const event of client.follow(id, 0, stop.signal)) {
      view = reduceRun(view, event);
      if (!json) {
        if (event.type === 'log' && event.level !== 'debug') output.note(event.message);
        if (event.type === 'status')
          output.note(`${event.state}${event.reason === undefined ? '' : `: ${event.reason}`}`);
        if (event.type === 'progress') output.progress(progressLine(view));
      }
      if (isFinal(view.status) || view.status === 'interrupted') break;
    }
  } finally {
    process.removeListener('SIGINT', interrupt);
    stop.abort();
  }
  if (!isFinal(view.status) && view.status !== 'interrupted') {
    output.note(`run ${id} goes on; to stop it: npx almanac cancel ${id}`);
    return 130;
  }
  const run = await client.get<RunAnswer>(`/runs/${id}`);
  if (json) output.print(JSON.stringify(run, null, 2));
  else for (const line of resultLines(view)) output.print(line);
  return run.status === 'completed' ? 0 : 1;
}

function resultLines(view: RunView): readonly string[] {
  const test = view.results['test'];
  if (test === undefined) return [];
  // `show` has the metrics of each task; here those of the run are enough.
  const main = (values: Readonly<Record<string, number | string>>) =>
    Object.entries(values).filter(([name]) => !name.includes('.'));
  const metrics = main(test.metrics).map(([name, value]) => `  test.${name} ${format(value)}`);
  const baselines = Object.entries(test.baselines).map(
    ([name, values]) =>
      `  ${name}: ${main(values)
        .map(([key, value]) => `${key} ${format(value)}`)
        .join(', ')}`,
  );
  const checks = test.checks.map(({ ok, name, message }) => `  ${ok ? 'ok' : 'look'}: ${name}: ${message}`);
  return ['result of the best checkpoint', ...metrics, 'baselines on the same rows', ...baselines, 'checks', ...checks];
}

function format(value: number | string): string {
  return typeof value === 'number' ? value.toPrecision(5) : value;
}

/** @throws AppError invalid_request with the usage. */
export function parseRunArguments(args: readonly string[]): RunArguments {
  const json = args.includes('--json');
  const rest = args.filter((arg) => arg !== '--json');
  const flag = rest.find((arg) => arg.startsWith('--'));
  if (flag !== undefined) throw new AppError('invalid_request', `unknown option ${flag}; known here: --json`);
  const [notebook, ...overrides] = rest;
  if (notebook === undefined) {
    throw new AppError('invalid_request', 'usage: almanac run <notebook> [override ...] [--json]');
  }
  return { notebook, overrides, json };
}
