import type { Command } from 'commander';
import { leakVerdict } from '#core/leaks/leak-report.ts';
import { readCheckAnswer } from '#core/leaks/check-answer.ts';
import { settle } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { placeRefusal, readRequest } from '#trainer/cli/notebook-request.ts';
import { progressBar } from '#trainer/cli/progress.ts';

/** `almanac check`: exit code 0 only where there is no sign of a leak. */
export function addCheck(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('check')
    .summary('look for leaks in what a notebook would train on')
    .description(
      'Looks for leaks: computes features and labels of some hundred rows from the bars known at their time, and changes ' +
        'all later bars. What moves is named, with how far it sees. Exit code 1 where there is a sign of a leak. ' +
        'Nothing is trained; Ctrl+C stops it.',
    )
    .argument('<notebook>', 'name of a notebook in ALMANAC_HOME/notebooks, or a path ending in .md')
    .argument('[override...]', "Hydra's: key=value sets, +key=value adds, ~key removes")
    .addOption(jsonOption('print nothing but the report'))
    .addHelpText('after', '\nExamples:\n  almanac check first-run\n  almanac check ./mine.md targets.horizon=24 --json')
    .action(async (notebook: string, overrides: string[], { json = false }: { json?: boolean }) => {
      const here = settings();
      const { name: _, ...request } = await readRequest(here, notebook, overrides);
      const report = await withSidecar(here, async (client) => {
        const sent = settle(client.data.check.$post({ json: request }));
        const { body } = await sent.catch(async (error: unknown) => {
          throw await placeRefusal(error, here, notebook);
        });
        if (body === null) throw new Error('The sidecar answered without a body.');
        return readCheckAnswer(body, (share) => {
          if (!json) output.progress(`looking for leaks  ${progressBar(share)}`);
        });
      });
      if (json) output.json(report);
      else {
        for (const { message } of report.findings) output.print(message);
        output.print(leakVerdict(report));
        for (const note of report.notes) output.note(`note: ${note}`);
      }
      end(report.findings.length === 0 ? 0 : 1);
    });
}
