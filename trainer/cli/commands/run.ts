import type { Command } from 'commander';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { followToEnd } from '#trainer/cli/follow-to-end.ts';
import { issueLine } from '#trainer/cli/issue-line.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { placeRefusal, readRequest } from '#trainer/cli/notebook-request.ts';
import { showPlan } from './plan.ts';

interface RunOptions {
  readonly json?: boolean;
  readonly plan?: boolean;
}

/** `almanac run`: exit code 0 only where the run completed. */
export function addRun(program: Command, line: CommandLine): void {
  const { output, settings, end } = line;
  program
    .command('run')
    .summary('train a notebook, and follow the run to its end')
    .description(
      'Trains a notebook and follows the run to its end: a progress bar in a terminal, a line every five seconds in a ' +
        'file or pipe. Ctrl+C stops the run at its next step, with a checkpoint; a second Ctrl+C leaves at once.',
    )
    .argument('<notebook>', 'name of a notebook in ALMANAC_HOME/notebooks, or a path ending in .md')
    .argument('[override...]', "Hydra's: key=value sets, +key=value adds, ~key removes")
    .addOption(jsonOption('print nothing but the finished run, as show does'))
    .option('--plan', 'say what would happen, as plan does, and make nothing')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  almanac run first-run train.epochs=5 model=large\n' +
        '  almanac run ./mine.md +features.timeframes.1h.adx={} ~features.timeframes.1h.macd',
    )
    .action(async (notebook: string, overrides: string[], { json = false, plan = false }: RunOptions) => {
      if (plan) return showPlan(line, notebook, overrides, json);
      const here = settings();
      const request = await readRequest(here, notebook, overrides);
      const code = await withSidecar(here, async (client) => {
        const made = answer(client.runs.$post({ json: request }));
        const { id, warnings } = await made.catch(async (error: unknown) => {
          throw await placeRefusal(error, here, notebook);
        });
        for (const warning of warnings) output.note(`warning: ${issueLine(warning)}`);
        return followToEnd(client, id, { json, output });
      });
      end(code);
    });
}
