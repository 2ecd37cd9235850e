import type { Command } from 'commander';
import { hasEnded } from '#core/run/state.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { followToEnd } from '#trainer/cli/follow-to-end.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, runName } from '#trainer/cli/run-name.ts';
import { waitForRun } from '#trainer/cli/wait-for-run.ts';

interface ResumeOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `almanac resume`: returns when the run is at work again, or with `--follow` when it has ended. */
export function addResume(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('resume')
    .summary('let a run go on: a paused one, or one that failed, was cancelled or interrupted')
    .description(
      'Lets a paused run go on, or queues a further attempt of one that failed, was cancelled or interrupted, from its ' +
        'last checkpoint. Returns when it is at work again, or is still waiting for its place after twenty seconds.',
    )
    .argument('<id>', runName)
    .option('-f, --follow', 'follow the run to its end, as run does')
    .addOption(jsonOption('print the run, as show does'))
    .action(async (name: string, { json = false, follow = false }: ResumeOptions) => {
      const code = await withSidecar(settings(), async (client) => {
        const id = await askRunId(client, name);
        const { lastSeq } = await answer(client.runs[':id'].$get({ param: { id } }));
        await answer(client.runs[':id'].resume.$post({ param: { id } }));
        if (follow) return followToEnd(client, id, { json, output, since: lastSeq });
        const run = await waitForRun(client, id, ({ status }) => status === 'running' || hasEnded(status));
        if (json) output.json(run);
        else output.print(`${run.id} ${run.status}`);
        return hasEnded(run.status) && run.status !== 'completed' ? 1 : 0;
      });
      end(code);
    });
}
