import type { Command } from 'commander';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, runName } from '#trainer/cli/run-name.ts';

interface NoteOptions {
  readonly json?: boolean;
  readonly replace?: boolean;
  readonly star?: boolean;
  readonly archive?: boolean;
}

/** `almanac note`: what was learned from a run. */
export function addNote(program: Command, { output, settings }: CommandLine): void {
  program
    .command('note')
    .summary('say what was learned from a run; star it, or archive it')
    .description(
      'Adds a paragraph to the conclusion of a run, which stands on its page and in lists, and prints the whole. Without ' +
        'text it prints what is there. The run itself stays as it was.',
    )
    .argument('<id>', runName)
    .argument('[text]', 'Markdown; with --replace the whole conclusion, and an empty one takes it back')
    .option('--replace', 'put the text in the place of what is there')
    .option('--star', 'mark the run')
    .option('--no-star', 'take the mark off')
    .option('--archive', 'put the run out of the way of lists')
    .option('--no-archive', 'put it back')
    .addOption(jsonOption('print the run as JSON'))
    .addHelpText('after', '\nExamples:\n  almanac note R12 "A slower RSI changes nothing." --star\n  almanac note R12')
    .action(async (name: string, text: string | undefined, options: NoteOptions) => {
      const { json = false, replace = false, star, archive } = options;
      const run = await withSidecar(settings(), async (client) => {
        const id = await askRunId(client, name);
        const { conclusion: before, concludedAt } = await answer(client.runs[':id'].$get({ param: { id } }));
        const conclusion = replace || before === '' ? text : `${before.trimEnd()}\n\n${text}`;
        const change = {
          ...(text === undefined ? {} : { conclusion, concludedAt }),
          ...(star === undefined ? {} : { starred: star }),
          ...(archive === undefined ? {} : { archived: archive }),
        };
        if (Object.keys(change).length > 0) await answer(client.runs[':id'].$patch({ param: { id }, json: change }));
        return answer(client.runs[':id'].$get({ param: { id } }));
      });
      if (json) output.json(run);
      else if (run.conclusion !== '') for (const line of run.conclusion.split('\n')) output.print(line);
      else output.note(`R${run.number} has no conclusion yet.`);
    });
}
