import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { envelopeWords } from '#core/run/envelope-words.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { resultLines } from '#trainer/cli/result-lines.ts';
import { askRunId, runName } from '#trainer/cli/run-name.ts';

/** `almanac open-test`: the seal is broken once and for good. */
export function addOpenTest(program: Command, { output, settings }: CommandLine): void {
  program
    .command('open-test')
    .summary('open the test results of a run, once and for good')
    .description(
      'Opens the sealed test results of a run and prints them. It cannot be undone: runs that are made afterwards and are ' +
        'scored on the same rows are marked "chosen after the test was seen". Asked again, it prints the same.',
    )
    .argument('<id>', runName)
    .addOption(jsonOption('print the run and its test result as one JSON object'))
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const opened = await withSidecar(settings(), async (client) => {
        const id = await askRunId(client, name);
        return answer(client.runs[':id'].test.$post({ param: { id }, json: { by: nameOfUser() } }));
      });
      if (json) return output.json(opened);
      for (const line of resultLines('test', opened.result)) output.print(line);
      output.note(envelopeWords(opened.evaluation?.test ?? null, opened.envelope).join(' '));
    });
}

/** A system may have no name for the user, in a container say. */
function nameOfUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
