import { Argument, type Command } from 'commander';
import { type CellKind, cellKinds } from '#core/api/cell-answers.ts';
import { readCellAnswer } from '#core/api/read-cell.ts';
import { formatDuration } from '#core/duration.ts';
import { cellLines } from '#trainer/cli/cell-lines.ts';
import { settle } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { placeRefusal, readRequest } from '#trainer/cli/notebook-request.ts';
import { progressBar } from '#trainer/cli/progress.ts';

interface CellOptions {
  readonly json?: boolean;
  readonly wait?: boolean;
}

/** `almanac cell`: one cell of a notebook, after those that it needs. */
export function addCell(program: Command, { output, settings }: CommandLine): void {
  program
    .command('cell')
    .summary('run one cell of a notebook: data, features, targets, model or loss')
    .description(
      'Runs one cell of a notebook, after those that it needs, and prints what comes of it. model times real training ' +
        'steps on the engine that a run would get; where a run is on it, it shows its last measurement. Ctrl+C ends it.',
    )
    .addArgument(new Argument('<kind>', 'the cell; train is a run').choices(cellKinds))
    .argument('<notebook>', 'name of a notebook in ALMANAC_HOME/notebooks, or a path ending in .md')
    .argument('[override...]', "Hydra's: key=value sets, +key=value adds, ~key removes")
    .option('--wait', 'model: wait until its engine is free')
    .addOption(jsonOption('print nothing but the result'))
    .addHelpText(
      'after',
      '\nExamples:\n  almanac cell features first-run\n  almanac cell model ./mine.md model=large --json',
    )
    .action(async (kind: CellKind, notebook: string, overrides: string[], given: CellOptions) => {
      const { json = false, wait = false } = given;
      const here = settings();
      const request = await readRequest(here, notebook, overrides);
      const { source } = request;
      // A file that lies elsewhere is sent as a text; its name only says whose cell it is.
      const slug = request.notebook ?? 'file';
      const result = await withSidecar(here, async (client) => {
        const sent = settle(
          client.notebooks[':slug'].cells[':kind'].$post({
            param: { slug, kind },
            json: { ...(source === undefined ? {} : { source }), overrides, wait },
          }),
        );
        const { body } = await sent.catch(async (error: unknown) => {
          throw await placeRefusal(error, here, notebook);
        });
        if (body === null) throw new Error('The sidecar answered without a body.');
        return readCellAnswer(body, (line) => {
          if (json) return;
          if ('doing' in line)
            return output.progress(
              `${line.step}  ${line.doing}${line.share === null ? '' : `  ${progressBar(line.share)}`}`,
            );
          const took = `${line.from === 'cache' ? 'from the cache' : 'computed'} in ${formatDuration(1000 * line.seconds)}`;
          const saved = line.saved > 0 ? `, ${formatDuration(1000 * line.saved)} saved` : '';
          output.note(`${line.step}: ${took}${saved} (${line.why})`);
        });
      });
      if (json) output.json(result);
      else for (const line of cellLines(result)) output.print(line);
    });
}
