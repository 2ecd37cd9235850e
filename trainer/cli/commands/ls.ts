import { type Command, InvalidArgumentError } from 'commander';
import { closest } from '#core/config/suggestion.ts';
import { selectedMetric } from '#core/run/run-ranking.ts';
import { type RunState, runStates } from '#core/run/state.ts';
import type { RunSummary } from '#core/run/summary.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { listRuns } from '#trainer/sidecar/db/run-rows.ts';
import { toSummary } from '#trainer/sidecar/runs/describe-run.ts';
import { readStanding } from '#trainer/sidecar/runs/standing.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { findClient, withIndex } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { toTable } from '#trainer/cli/table.ts';
import { wholeNumber } from '#trainer/cli/whole-number.ts';
import type { Output } from '#trainer/cli/output.ts';

interface Wanted {
  readonly limit: number;
  readonly status?: readonly RunState[];
  readonly notebook?: string;
}

/** `almanac ls`: the newest runs. */
export function addLs(program: Command, { output, settings }: CommandLine): void {
  program
    .command('ls')
    .summary('list the newest runs')
    .description('Lists the newest runs: a table that fits the terminal, or whole lines with ids in a file or pipe.')
    .option('-n, --limit <count>', 'most runs, 500 at most', wholeNumber(1, 500), 50)
    .option('--status <states>', `only runs in these states, separated by commas: ${runStates.join(', ')}`, readStates)
    .option('--notebook <name>', 'only runs of this notebook')
    .addOption(jsonOption('print the runs as a JSON array'))
    .action(async ({ json = false, ...wanted }: Wanted & { json?: boolean }) => {
      const runs = await newestRuns(settings(), output, wanted);
      if (json) output.json(runs);
      else if (runs.length === 0) output.note('no runs; to start one: almanac run <notebook>');
      else for (const line of toLines(runs, output.columns)) output.print(line);
    });
}

/** @throws InvalidArgumentError naming the state that is none. */
function readStates(text: string): readonly RunState[] {
  return text.split(',').map((word) => {
    const state = runStates.find((known) => known === word.trim());
    if (state !== undefined) return state;
    const meant = closest(word, runStates);
    throw new InvalidArgumentError(
      meant === undefined ? `Expected some of ${runStates.join(', ')}.` : `Did you mean ${meant}?`,
    );
  });
}

async function newestRuns(
  settings: Settings,
  output: Output,
  { limit, status, notebook }: Wanted,
): Promise<readonly RunSummary[]> {
  const client = findClient(settings);
  if (client !== null) {
    const query = { limit: String(limit), ...(notebook === undefined ? {} : { notebook }) };
    const states = status === undefined ? {} : { status: status.join(',') };
    return (await answer(client.runs.$get({ query: { ...query, ...states } }))).runs;
  }
  return withIndex(settings, output, async ({ db }) => {
    const standing = await readStanding({ db });
    const runs = await listRuns(db, { sort: '-number', limit, offset: 0, status, notebook });
    return runs.map((run) => toSummary(run, standing));
  });
}

function toLines(runs: readonly RunSummary[], width: number | null): readonly string[] {
  const rows = runs.map((run) => {
    const accuracy = selectedMetric(run, 'val.da');
    const shown = accuracy === null ? '' : accuracy.toPrecision(4);
    const status = run.stalledSince === null ? run.status : `${run.status}, stalled`;
    const created = run.createdAt.slice(0, 19);
    // A person names a run by its number; the id is for programs.
    return width === null
      ? [`R${run.number}`, run.id, status, created, run.name, shown === '' ? '' : `val.da ${shown}`]
      : [`R${run.number}`, status, run.name, created.replace('T', ' '), shown];
  });
  if (width === null) return toTable(rows, { width, flexible: 4 });
  return toTable([['RUN', 'STATUS', 'NAME', 'CREATED (UTC)', 'VAL.DA'], ...rows], { width, flexible: 2 });
}
