import type { Command } from 'commander';
import { binWords } from '#core/run/bin-words.ts';
import { formatBytes } from '#core/bytes.ts';
import { countWords } from '#core/count-words.ts';
import { AppError } from '#core/error.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';

/** `almanac empty-bin`: says what it would free, asks, and frees it. */
export function addEmptyBin(program: Command, { output, settings, end, confirm }: CommandLine): void {
  program
    .command('empty-bin')
    .summary('remove the runs in the bin for good')
    .description('Removes the runs in the bin for good, after saying how many they are and what that frees.')
    .option('-y, --yes', 'do not ask')
    .addOption(jsonOption('print what was freed as JSON'))
    .action(async ({ yes = false, json = false }: { yes?: boolean; json?: boolean }) => {
      await withSidecar(settings(), async (client) => {
        const content = await answer(client.runs.bin.$get());
        if (content.runs > 0 && !yes) {
          const sure = await confirm(`${binWords(content)} Empty the bin?`);
          if (sure === null) {
            throw new AppError('invalid_request', `${binWords(content)} Expected --yes where nobody can be asked.`);
          }
          if (!sure) {
            output.note('Nothing was removed.');
            return end(1);
          }
        }
        const freed = await answer(client.runs.bin.$delete());
        if (json) output.json(freed);
        else {
          for (const { id, reason } of freed.kept) output.note(`almanac: ${id} stays: ${reason}`);
          const words = `${countWords(freed.runs, 'run')} removed, ${formatBytes(freed.bytes)} freed`;
          output.print(freed.runs === 0 && freed.kept.length === 0 ? 'the bin is empty' : words);
        }
        end(freed.kept.length === 0 ? 0 : 1);
      });
    });
}
