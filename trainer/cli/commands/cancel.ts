import type { Command } from 'commander';
import { hasEnded } from '#core/run/state.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, runName } from '#trainer/cli/run-name.ts';
import { waitForRun } from '#trainer/cli/wait-for-run.ts';

/** `almanac cancel`: returns when the run has ended. */
export function addCancel(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('cancel')
    .summary('stop a run; its last checkpoint stays')
    .description('Stops a run at its next step, with a checkpoint "last", and returns when it has ended.')
    .argument('<id>', runName)
    .addOption(jsonOption('print the run as it ended, as show does'))
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const run = await withSidecar(settings(), async (client) => {
        const id = await askRunId(client, name);
        await answer(client.runs[':id'].cancel.$post({ param: { id } }));
        return waitForRun(client, id, ({ status }) => hasEnded(status));
      });
      if (json) output.json(run);
      else if (hasEnded(run.status)) output.print(`${run.id} ${run.status}`);
      else output.note(`run ${run.id} has not ended yet; almanac show ${run.id} says how it goes on`);
      end(run.status === 'cancelled' ? 0 : 1);
    });
}
