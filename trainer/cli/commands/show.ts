import type { Command } from 'commander';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { toSummary } from '#trainer/sidecar/runs/describe-run.ts';
import { readStanding } from '#trainer/sidecar/runs/standing.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { findClient, withIndex } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, requireStored, runName } from '#trainer/cli/run-name.ts';
import { summaryLines } from '#trainer/cli/summary-lines.ts';
import type { Output } from '#trainer/cli/output.ts';

/** `almanac show`: a summary in a terminal, all of the run as JSON elsewhere. */
export function addShow(program: Command, { output, settings }: CommandLine): void {
  program
    .command('show')
    .summary('what a run is and how it went')
    .description('Shows a run: a summary in a terminal; all of it as JSON in a file or pipe.')
    .argument('<id>', runName)
    .addOption(jsonOption('all of it as JSON, in a terminal too'))
    .addHelpText('after', "\nExamples:\n  almanac show 12\n  almanac show R12 | jq '.metrics.best'")
    .action(async (name: string, { json = output.columns === null }: { json?: boolean }) => {
      const run = await findDetail(settings(), output, name);
      if (json) output.json(run);
      else for (const line of summaryLines(run)) output.print(line);
    });
}

type Shown = RunSummary & Pick<RunDetail, 'config' | 'overrides'>;

async function findDetail(settings: Settings, output: Output, name: string): Promise<Shown> {
  const client = findClient(settings);
  if (client !== null) {
    return answer(client.runs[':id'].$get({ param: { id: await askRunId(client, name) } }));
  }
  return withIndex(settings, output, async ({ db }) => {
    const run = await requireStored(db, name);
    return { ...toSummary(run, await readStanding({ db })), config: run.config, overrides: run.overrides };
  });
}
