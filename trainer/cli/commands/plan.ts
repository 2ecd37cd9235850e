import type { Command } from 'commander';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { placeRefusal, readRequest } from '#trainer/cli/notebook-request.ts';
import { planLines } from '#trainer/cli/plan-lines.ts';

/** `almanac plan`: what a run would come to. Exit code 0 only where it could be run. */
export function addPlan(program: Command, line: CommandLine): void {
  program
    .command('plan')
    .summary('say what a run would compute, what it would reuse, and how long it would take')
    .description(
      'Says of each cell whether it would be computed and why, how long it would take by what was measured of this model, ' +
        'its memory, its place in the queue, and which run is the same already. Nothing is made. run --plan does the same. ' +
        'Exit code 1 where something stands in the way of a run.',
    )
    .argument('<notebook>', 'name of a notebook in ALMANAC_HOME/notebooks, or a path ending in .md')
    .argument('[override...]', "Hydra's: key=value sets, +key=value adds, ~key removes")
    .addOption(jsonOption('print the plan as JSON'))
    .addHelpText('after', '\nExamples:\n  almanac plan first-run\n  almanac plan ./mine.md model=large --json')
    .action((notebook: string, overrides: string[], { json = false }: { json?: boolean }) =>
      showPlan(line, notebook, overrides, json),
    );
}

/** Prints the plan of a notebook. */
export async function showPlan(
  { output, settings, end }: CommandLine,
  notebook: string,
  overrides: string[],
  json: boolean,
): Promise<void> {
  const here = settings();
  const request = await readRequest(here, notebook, overrides);
  const plan = await withSidecar(here, (client) =>
    answer(client.runs.plan.$post({ json: request })).catch(async (error: unknown) => {
      throw await placeRefusal(error, here, notebook);
    }),
  );
  if (json) output.json(plan);
  else for (const line of planLines(plan, output.columns)) output.print(line);
  end(plan.issues.length === 0 ? 0 : 1);
}
