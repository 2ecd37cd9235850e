import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AppError } from '#core/error.ts';
import { emptyRunView, reduceRun, type RunView } from '#core/run/reduce.ts';
import { isFinal } from '#core/run/state.ts';
import type { Settings } from '#trainer/env.ts';
import { readCells } from '#trainer/sidecar/runs/notebook-cells.ts';
import { requireNotebookSize } from '#trainer/sidecar/runs/read-notebook.ts';
import type { Client, RunAnswer } from './client.ts';
import { withSidecar } from './connect.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress.ts';

export interface ForkArguments {
  readonly id: string;
  readonly overrides: readonly string[];
  /** Checkpoint whose weights the child starts from; null: random weights. */
  readonly from: string | null;
  readonly json: boolean;
}

interface RunArguments {
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

/** A slug, or a file: of a file the text is sent, so that it may lie anywhere. */
async function readRequest(settings: Settings, { notebook, overrides }: RunArguments) {
  const path = resolve(notebook);
  if (!existsSync(path) || !path.endsWith('.md')) return { notebook: notebook.replace(/\.md$/, ''), overrides };
  const source = await readNotebookFile(notebook, path);
  const slug = basename(path, '.md');
  const inHome = dirname(path) === resolve(settings.notebooks);
  return { source, overrides, ...(inHome ? { notebook: slug } : { name: readCells(source).title ?? slug }) };
}

async function readNotebookFile(typed: string, path: string): Promise<string> {
  const unusable = (why: string) => {
    const message = `Cannot read ${typed}: expected a notebook, a text file ending in .md; ${why}.`;
    return new AppError('notebook_not_found', message);
  };
  const file = await stat(path);
  if (!file.isFile()) throw unusable('this is no file');
  requireNotebookSize(file.size);
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unusable(`the system refuses it (${error.code ?? error.message}); check its permissions`);
  });
}

/** Two signals within so many ms are one press: the terminal and a wrapper as npx may each send it. */
const onePress = 500;

/**
 * Shows a run until it ends. The first Ctrl+C stops the run at its next step, with its last checkpoint; the second ends
 * the showing at once.
 */
export async function followToEnd(client: Client, id: string, json: boolean, output: Output): Promise<number> {
  const leave = new AbortController();
  let pressed: number | null = null;
  const interrupt = () => {
    const now = Date.now();
    if (pressed !== null && now - pressed < onePress) return;
    if (pressed !== null) return leave.abort();
    pressed = now;
    output.note(`stopping run ${id} at its next step, with a checkpoint; Ctrl+C again to leave at once`);
    client.post(`/runs/${id}/cancel`).catch((error: unknown) => {
      output.note(error instanceof Error ? error.message : String(error));
    });
  };
  process.on('SIGINT', interrupt);
  let view: RunView = emptyRunView();
  const hasEnded = () => isFinal(view.status) || view.status === 'interrupted';
  try {
    if (!json) output.note(`run ${id}`);
    for await (const event of client.follow(id, 0, leave.signal)) {
      view = reduceRun(view, event);
      if (!json) {
        if (event.type === 'log' && event.level !== 'debug') output.note(event.message);
        if (event.type === 'status')
          output.note(`${event.state}${event.reason === undefined ? '' : `: ${event.reason}`}`);
        if (event.type === 'progress') output.progress(progressLine(view));
      }
      if (hasEnded()) break;
    }
  } finally {
    process.removeListener('SIGINT', interrupt);
    leave.abort();
  }
  if (!hasEnded()) {
    output.note(`run ${id} is still being stopped; how it ended: npx almanac show ${id}`);
    return 130;
  }
  const run = await client.get<RunAnswer>(`/runs/${id}`);
  if (json) output.print(JSON.stringify(run, null, 2));
  else for (const line of resultLines(view)) output.print(line);
  if (run.status === 'interrupted' && !json)
    output.note(`to go on from its last checkpoint, resume it on the page of npm start`);
  if (run.status === 'completed') return 0;
  return pressed === null ? 1 : 130;
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
  const { words, json } = parseWords(args, { json: { type: 'boolean' } }, '--json');
  const [notebook, ...overrides] = words;
  if (notebook === undefined) {
    throw new AppError('invalid_request', 'usage: almanac run <notebook> [override ...] [--json]');
  }
  return { notebook, overrides, json };
}

/** @throws AppError invalid_request with the usage. */
export function parseForkArguments(args: readonly string[]): ForkArguments {
  const options = { json: { type: 'boolean' }, from: { type: 'string' } } as const;
  const { words, json, from } = parseWords(args, options, '--json, --from <checkpoint>');
  const [id, ...overrides] = words;
  if (id === undefined) {
    throw new AppError('invalid_request', 'usage: almanac fork <id> [override ...] [--from <checkpoint>] [--json]');
  }
  return { id, overrides, from, json };
}

function parseWords(args: readonly string[], options: NonNullable<ParseArgsConfig['options']>, known: string) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    const from = values['from'];
    return { words: positionals, json: values['json'] === true, from: typeof from === 'string' ? from : null };
  } catch (error) {
    const what = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new AppError('invalid_request', `${what}; known here: ${known}. See almanac --help.`);
  }
}
