import type { Command } from 'commander';
import type { SharedScores } from '#core/api/shared-scores.ts';
import { AppError } from '#core/error.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { scoreRuns } from '#trainer/sidecar/runs/scored-runs.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { findClient, withIndex } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, requireStored, runName } from '#trainer/cli/run-name.ts';
import { sharedScoreLines } from '#trainer/cli/shared-score-lines.ts';
import type { Output } from '#trainer/cli/output.ts';

/** `almanac scores`: runs beside each other on the rows that all of them predicted. */
export function addScores(program: Command, { output, settings }: CommandLine): void {
  program
    .command('scores')
    .summary('compare runs on the rows that all of them predicted')
    .description(
      'Scores completed runs, two at least, on the validation rows that all of them predicted, from their stored ' +
        'predictions, and says which numbers may be compared: those of the same outcomes. * marks the best of these.',
    )
    .argument('<id...>', runName)
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  almanac scores R12 R13')
    .action(async (names: readonly string[], { json = false }: { json?: boolean }) => {
      const scores = await compare(settings(), output, names);
      if (json) output.json(scores);
      else for (const line of sharedScoreLines(scores, output.columns)) output.print(line);
    });
}

async function compare(settings: Settings, output: Output, names: readonly string[]): Promise<SharedScores> {
  const client = findClient(settings);
  if (client !== null) {
    const ids = await eachOnce(names, (name) => askRunId(client, name));
    return answer(client.runs.scores.$get({ query: { ids: ids.join(',') } }));
  }
  return withIndex(settings, output, async ({ db }) => {
    const ids = await eachOnce(names, async (name) => (await requireStored(db, name)).id);
    return scoreRuns({ db, runsFolder: settings.runs }, await Promise.all(ids.map((id) => requireStored(db, id))));
  });
}

/** The ids of these names, each once. @throws AppError where they name fewer than two runs. */
async function eachOnce(names: readonly string[], idOf: (name: string) => Promise<string>): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const name of names) ids.add(await idOf(name));
  if (ids.size > 1) return [...ids];
  throw new AppError('invalid_request', 'scores compares runs: name two at least, as in almanac scores R12 R13.');
}
