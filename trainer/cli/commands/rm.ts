import type { Command } from 'commander';
import { AppError } from '#core/error.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, runName } from '#trainer/cli/run-name.ts';

/** `almanac rm`: every run that can go goes, and the exit code says whether all did. */
export function addRm(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('rm')
    .summary('move runs that have ended to the bin')
    .description(
      'Moves runs that have ended to the bin, the folder runs/.bin: whole, and out of every list. almanac empty-bin frees their space.',
    )
    .argument('<id...>', runName)
    .addOption(jsonOption('print the ids that were moved, and why others were not, as JSON'))
    .action(async (names: string[], { json = false }: { json?: boolean }) => {
      const moved: string[] = [];
      const failed: { readonly id: string; readonly reason: string }[] = [];
      await withSidecar(settings(), async (client) => {
        for (const name of names) {
          try {
            const id = await askRunId(client, name);
            await answer(client.runs[':id'].$delete({ param: { id } }));
            moved.push(id);
          } catch (error) {
            if (!(error instanceof AppError)) throw error;
            failed.push({ id: name, reason: error.message });
          }
        }
      });
      if (json) output.json({ moved, failed });
      else {
        for (const id of moved) output.print(`${id} is in the bin`);
        for (const { id, reason } of failed) output.note(`almanac: ${id}: ${reason}`);
      }
      end(failed.length === 0 ? 0 : 1);
    });
}
