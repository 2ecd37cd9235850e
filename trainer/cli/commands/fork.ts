import { type Command, Option } from 'commander';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { followToEnd } from '#trainer/cli/follow-to-end.ts';
import { issueLine } from '#trainer/cli/issue-line.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, runName } from '#trainer/cli/run-name.ts';

interface ForkOptions {
  readonly json?: boolean;
  /** Checkpoint whose weights the child starts from; absent: random weights. */
  readonly from?: string;
  /** Bars that it is trained on; absent: the parent's, where they are kept and loaded alike. */
  readonly bars?: 'parent' | 'today';
}

/** `almanac fork`: a changed copy, trained to its end. */
export function addFork(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('fork')
    .summary('train a changed copy of a run; --from starts from its weights')
    .description('Trains a changed copy of a run and follows it to its end, as run does. The parent stays as it was.')
    .argument('<id>', runName)
    .argument('[override...]', 'come after the overrides of the parent')
    .addOption(jsonOption('print nothing but the finished run, as show does'))
    .option('--from <checkpoint>', 'start from the weights of this checkpoint of the parent: best, last or its name')
    .addOption(
      new Option('--bars <which>', 'parent: the bars that the parent was trained on; today: the file as it is').choices(
        ['parent', 'today'],
      ),
    )
    .addHelpText('after', '\nExamples:\n  almanac fork R12 train.optimizer.learning_rate=1e-4 --from best')
    .action(async (name: string, overrides: string[], { json = false, from, bars }: ForkOptions) => {
      const request = {
        overrides,
        ...(from === undefined ? {} : { from: { checkpoint: from } }),
        ...(bars === undefined ? {} : { bars }),
      };
      const code = await withSidecar(settings(), async (client) => {
        const id = await askRunId(client, name);
        const child = await answer(client.runs[':id'].fork.$post({ param: { id }, json: request }));
        for (const warning of child.warnings) output.note(`warning: ${issueLine(warning)}`);
        return followToEnd(client, child.id, { json, output });
      });
      end(code);
    });
}
