import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { isFinal } from '#core/run/state.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, runName } from '#trainer/cli/run-name.ts';

/** Looks at a run that is being stopped, and the ms between them. */
const mostLooks = 200;
const pause = 100;

/** `almanac cancel`: returns when the run has ended. */
export function addCancel(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('cancel')
    .summary('stop a run; its last checkpoint stays')
    .description('Stops a run at its next step, with a checkpoint "last", and returns when it has ended.')
    .argument('<id>', runName)
    .addOption(jsonOption('print the run as it ended, as show does'))
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const code = await withSidecar(settings(), async (client) => {
        const id = await askRunId(client, name);
        await answer(client.runs[':id'].cancel.$post({ param: { id } }));
        for (let look = 0; look < mostLooks; look++) {
          const run = await answer(client.runs[':id'].$get({ param: { id } }));
          if (isFinal(run.status) || run.status === 'interrupted') {
            if (json) output.json(run);
            else output.print(`${id} ${run.status}`);
            return run.status === 'cancelled' ? 0 : 1;
          }
          await sleep(pause);
        }
        output.note(`run ${id} has not ended yet; almanac show ${id} says how it goes on`);
        return 1;
      });
      end(code);
    });
}
