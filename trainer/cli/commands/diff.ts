import type { Command } from 'commander';
import type { RunDiff } from '#core/api/run-diff.ts';
import { AppError } from '#core/error.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { diffRuns } from '#trainer/sidecar/runs/diff-runs.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { findClient, withIndex } from '#trainer/cli/connect.ts';
import { diffLines } from '#trainer/cli/diff-lines.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import type { Output } from '#trainer/cli/output.ts';
import { requireStored, runName } from '#trainer/cli/run-name.ts';

/** `almanac diff`: what differs between runs, and what of it their predictions show. */
export function addDiff(program: Command, { output, settings }: CommandLine): void {
  program
    .command('diff')
    .summary('compare runs: keys, surroundings and scores on common rows')
    .description(
      'Says in what runs differ, by cell, and what their stored predictions show on the validation rows that all of ' +
        'them predicted: differences to the first run, the base, with intervals and tests. The test is shown where that ' +
        'of every run is open.',
    )
    .argument('<id...>', runName)
    .option('--all', 'show the keys that are equal as well')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  almanac diff R7 R12')
    .action(async (names: readonly string[], { all = false, json = false }: { all?: boolean; json?: boolean }) => {
      const diff = await compare(settings(), output, names);
      if (json) output.json(diff);
      else for (const line of diffLines(diff, all, output.columns)) output.print(line);
    });
}

async function compare(settings: Settings, output: Output, names: readonly string[]): Promise<RunDiff> {
  if (names.length < 2) {
    throw new AppError('invalid_request', 'diff compares runs: name two at least, as in almanac diff R7 R12.');
  }
  const client = findClient(settings);
  if (client !== null) return answer(client.runs.diff.$get({ query: { ids: names.join(',') } }));
  return withIndex(settings, output, async ({ db }) => {
    const runs = await Promise.all(names.map((name) => requireStored(db, name)));
    if (new Set(runs.map(({ id }) => id)).size < runs.length) {
      throw new AppError('invalid_request', 'diff compares runs with each other: name each once.');
    }
    return diffRuns({ db, runsFolder: settings.runs }, runs);
  });
}
