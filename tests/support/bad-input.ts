import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { hasEnded, isSettled } from '#core/run/state.ts';
import { almanac } from './almanac.ts';
import { readEvents, smallRun } from './run-folder.ts';
import type { TestSidecar } from './sidecar.ts';

export interface Refusal {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly issues?: readonly { readonly path: string; readonly message: string }[];
  };
}

/** What a person gets to read: every part of it must be there. */
export interface Expected {
  readonly code: string;
  /** Parts of the message: what was expected, what came, what to do. */
  readonly says: readonly (string | RegExp)[];
  /** Key or field at which the page shows it. */
  readonly path?: string;
}

/** Folders of runs, half-made ones included. */
export function runFolders(runs: string): readonly string[] {
  if (!existsSync(runs)) return [];
  return readdirSync(runs).filter((name) => /^\.?[0-9a-z]{20,}(?:\.tmp)?$/.test(name));
}

function expectWords(text: string, says: Expected['says']): void {
  for (const part of says) {
    if (typeof part === 'string') expect(text).toContain(part);
    else expect(text).toMatch(part);
  }
  // No stack trace, no path of this machine, nothing left unfilled.
  expect(text).not.toMatch(/\n {4}at |\/work\/|\/tmp\/|\/home\/|undefined|\[object/);
}

/** POST /runs refuses the body with this status and these words, and makes no run. */
export async function expectRefused(
  sidecar: TestSidecar,
  body: object,
  status: number,
  { code, says, path }: Expected,
): Promise<void> {
  const before = runFolders(sidecar.runs);
  const answer = await sidecar.post<Refusal>('/runs', body);
  expect([answer.status, answer.body.error.code], JSON.stringify(answer.body)).toEqual([status, code]);
  expectWords(answer.body.error.message, says);
  if (path !== undefined) expect(answer.body.error.issues?.map((issue) => issue.path)).toContain(path);
  expect(runFolders(sidecar.runs)).toEqual(before);
}

/** POST /runs takes the body, the run fails, and its page, its log and its events say why in these words. */
export async function expectFailed(sidecar: TestSidecar, body: object, { code, says }: Expected): Promise<string> {
  const made = await sidecar.post<{ id: string }>('/runs', body);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { id } = made.body;
  const run = await sidecar.until(id, ({ status }) => hasEnded(status));
  expect(run.status).toBe('failed');
  expectWords(run.reason ?? '', says);
  const events = readEvents(join(sidecar.runs, id));
  expect(events.at(-1)).toMatchObject({ type: 'status', state: 'failed', reason: run.reason });
  const { body: logs } = await sidecar.json<{ lines: { level: string; message: string }[] }>(`/runs/${id}/logs`);
  expect(logs.lines.at(-1)).toMatchObject({ level: 'error', message: `${code}: ${run.reason}` });
  const { body: printed } = await sidecar.json<{ text: string }>(`/runs/${id}/logs/printed?offset=-100000`);
  expect(printed.text).toContain(`${code}: ${run.reason}`);
  return id;
}

/** `almanac run` ends with exit code 1 and says the same in the terminal. */
export async function expectTerminal(home: string, args: readonly string[], { says }: Expected): Promise<void> {
  const { code, out, notes } = await almanac(home, 'run', ...args);
  expect([code, out], notes).toEqual([1, '']);
  expectWords(notes, says);
}

/** A run with nothing wrong still goes to its end, and no trainer of another is left. */
export async function expectStillWorks(sidecar: TestSidecar): Promise<void> {
  const { body, status } = await sidecar.post<{ id: string }>('/runs', { overrides: [...smallRun, 'train.epochs=1'] });
  expect(status).toBe(201);
  const run = await sidecar.until(body.id, (found) => isSettled(found.status));
  expect([run.status, run.reason]).toEqual(['completed', '1 epoch']);
  // The last word of a run is read a moment before its process has gone.
  await expect.poll(() => sidecar.workspace.supervisor.active()).toEqual([]);
}
