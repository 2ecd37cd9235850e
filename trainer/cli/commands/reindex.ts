import { countWords } from '#core/count-words.ts';
import type { Command } from 'commander';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { findClient, withIndex } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';

/** `almanac reindex`: the index built again from the run folders. */
export function addReindex(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('reindex')
    .summary('build the index again from the run folders')
    .description('Builds the index of the runs again from their folders, which hold all that matters.')
    .addOption(jsonOption())
    .action(async ({ json = false }: { json?: boolean }) => {
      const here = settings();
      const client = findClient(here);
      const report =
        client === null
          ? await withIndex(here, output, ({ reindex }) => reindex())
          : await answer(client.system.reindex.$post());
      if (json) output.json(report);
      else {
        for (const { id, reason } of report.failed) output.note(`${id}: ${reason}`);
        output.print(`indexed ${countWords(report.indexed.length, 'run')}, ${report.failed.length} could not be read`);
      }
      end(report.failed.length === 0 ? 0 : 1);
    });
}
