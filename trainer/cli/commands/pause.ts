import type { Command } from 'commander';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, runName } from '#trainer/cli/run-name.ts';
import { waitForRun } from '#trainer/cli/wait-for-run.ts';

/** `almanac pause`: returns when the run stands still. */
export function addPause(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('pause')
    .summary('pause a run; it keeps its process and its device')
    .description('Pauses a run at its next step. It keeps its process and its device; almanac resume lets it go on.')
    .argument('<id>', runName)
    .addOption(jsonOption('print the run, as show does'))
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const run = await withSidecar(settings(), async (client) => {
        const id = await askRunId(client, name);
        await answer(client.runs[':id'].pause.$post({ param: { id } }));
        return waitForRun(client, id, ({ status }) => status !== 'running' && status !== 'starting');
      });
      if (json) output.json(run);
      else output.print(`${run.id} ${run.status}`);
      end(run.status === 'paused' ? 0 : 1);
    });
}
