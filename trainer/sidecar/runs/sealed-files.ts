import { createInterface } from 'node:readline';
import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { RunFile } from '#trainer/run-folder/open-file.ts';
import { isSealed } from './seal.ts';

/**
 * Refuses a file that tells of a test that is sealed.
 * @param run as it was before `file` was opened: what was written since is looked through.
 * @throws AppError sealed, saying how to open it and what can be had without.
 */
export async function requireUnsealed(run: StoredRun, path: string, file: RunFile): Promise<void> {
  if (!isSealed(run)) return;
  switch (path) {
    case runFiles.testPredictions:
      throw sealed(run, 'This file holds the predictions of the test rows');
    case runFiles.predictions:
      if (await some(linesOf(file), ofSplit('test')))
        throw sealed(run, 'This file holds test rows too; ?split=validation gives the others');
      return;
    case runFiles.events:
      if ('test' in run.view.results || (await some(linesOf(file, run.logOffset), isTestResult)))
        throw sealed(run, 'The log holds the test result; /stream gives every event but that one');
      return;
    case runFiles.data:
      if (withoutTestBalance(await readReport(file)).isChanged)
        throw sealed(run, 'This file says how the test rows rose and fell; dataReport of the run has all the rest');
      return;
  }
}

function sealed({ id, number }: StoredRun, why: string): AppError {
  const how = `POST /runs/${id}/test or almanac open-test R${number} opens them, once and for good`;
  return new AppError('sealed', `The test results of R${number} are sealed: ${how}. ${why}.`);
}

/** The lines of predictions that are of one split, the head of the columns first. */
export async function* rowsOfSplit(file: RunFile, split: string): AsyncGenerator<string> {
  const isWanted = ofSplit(split);
  let isHead = true;
  for await (const line of linesOf(file)) {
    if (isHead || isWanted(line)) yield `${line}\n`;
    isHead = false;
  }
}

/** The split is the second column in every file of predictions that Almanac has ever written. */
function ofSplit(split: string): (line: string) => boolean {
  return (line) => line.split(',', 2)[1] === split;
}

function isTestResult(line: string): boolean {
  return /"type":\s*"result"/.test(line) && /"split":\s*"test"/.test(line);
}

async function* linesOf(file: RunFile, start = 0): AsyncGenerator<string> {
  if (file.bytes <= start) return;
  const input = file.handle.createReadStream({ start, end: file.bytes - 1, autoClose: false });
  yield* createInterface({ input, crlfDelay: Infinity });
}

async function some(lines: AsyncIterable<string>, condition: (line: string) => boolean): Promise<boolean> {
  for await (const line of lines) if (condition(line)) return true;
  return false;
}

async function readReport(file: RunFile): Promise<unknown> {
  const bytes = new Uint8Array(file.bytes);
  await file.handle.read(bytes, 0, file.bytes, 0);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

const balanced = z.looseObject({
  dataset: z.looseObject({ balance: z.record(z.string(), z.looseObject({ test: z.unknown() })) }),
});

/** The report of older versions says what share of the test rows went up: what is left of it without that. */
export function withoutTestBalance(report: unknown): { readonly report: unknown; readonly isChanged: boolean } {
  const parsed = balanced.safeParse(report).data;
  if (parsed === undefined) return { report, isChanged: false };
  const shares = Object.entries(parsed.dataset.balance).map(([task, { test: _, ...rest }]) => [task, rest] as const);
  const isChanged = Object.values(parsed.dataset.balance).some((share) => 'test' in share);
  return { report: { ...parsed, dataset: { ...parsed.dataset, balance: Object.fromEntries(shares) } }, isChanged };
}
