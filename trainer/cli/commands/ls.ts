import { type Command, InvalidArgumentError } from 'commander';
import { type RunTable, tableQuery } from '#core/api/run-table.ts';
import { closest } from '#core/config/suggestion.ts';
import { selectedMetric } from '#core/run/run-ranking.ts';
import { type RunState, runStates } from '#core/run/state.ts';
import type { RunSummary } from '#core/run/summary.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { listRuns } from '#trainer/sidecar/db/run-rows.ts';
import { toSummary } from '#trainer/sidecar/runs/describe-run.ts';
import { RunTables } from '#trainer/sidecar/table/run-tables.ts';
import { readStanding } from '#trainer/sidecar/runs/standing.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { findClient, withIndex } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { runTableLines } from '#trainer/cli/run-table-lines.ts';
import { toTable } from '#trainer/cli/table.ts';
import { wholeNumber } from '#trainer/cli/whole-number.ts';
import type { Output } from '#trainer/cli/output.ts';

interface Wanted {
  readonly limit: number;
  readonly status?: readonly RunState[];
  readonly notebook?: string;
}

/** What makes a table of the list: one of these at least. */
const tableOptions = ['filter', 'sort', 'columns', 'group', 'baseline'] as const;
type WantedTable = Readonly<Partial<Record<(typeof tableOptions)[number], string>>>;

/** `almanac ls`: the newest runs. */
export function addLs(program: Command, { output, settings }: CommandLine): void {
  program
    .command('ls')
    .summary('list the newest runs, or those a filter finds')
    .description(
      'Lists the newest runs: a table that fits the terminal, or whole lines with ids in a file or pipe. With a filter, an order, ' +
        'columns, groups or a baseline it is a table of any keys, metrics and what is said of runs.',
    )
    .option('-n, --limit <count>', 'most runs, 500 at most', wholeNumber(1, 500), 50)
    .option('--status <states>', `only runs in these states, separated by commas: ${runStates.join(', ')}`, readStates)
    .option('--notebook <name>', 'only runs of this notebook')
    .option(
      '--filter <filter>',
      'only runs of which this is true: "val.da > 0.52 and model.architecture in (tcn, mlp)"',
    )
    .option('--sort <columns>', 'in this order, - before what descends: -val.da,created')
    .option('--columns <columns>', 'what is shown of each run, separated by commas: val.da,train.seed,tag')
    .option('--group <columns>', 'runs of equal values as one line, with mean and spread; of all but the seed: setup')
    .option('--baseline <run>', 'say how much more the scores of others are than those of this run')
    .addOption(jsonOption('print the runs as a JSON array'))
    .action(async ({ json = false, ...wanted }: Wanted & WantedTable & { json?: boolean }) => {
      if (tableOptions.some((option) => wanted[option] !== undefined)) {
        const table = await readTable(settings(), output, wanted);
        for (const note of table.notes) output.note(note);
        if (json) output.json(toValues(table));
        else if (table.total === 0) output.note(`none of ${table.all} runs is found`);
        else {
          for (const line of runTableLines(table, output.columns)) output.print(line);
          const shown = table.order.length;
          if (shown < table.lines)
            output.note(`${shown} of ${table.lines}; --limit ${Math.min(500, table.lines)} shows more`);
        }
        return;
      }
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

async function readTable(
  settings: Settings,
  output: Output,
  { limit, status, notebook, filter, sort, columns, group, baseline }: Wanted & WantedTable,
): Promise<RunTable> {
  const conditions = [
    ...(filter === undefined || filter.trim() === '' ? [] : [`(${filter})`]),
    ...(status === undefined ? [] : [`state in (${status.join(', ')})`]),
    ...(notebook === undefined ? [] : [`notebook = ${JSON.stringify(notebook)}`]),
  ];
  const all = { filter: conditions.length > 1 ? conditions.join(' and ') : filter, sort, columns, group, baseline };
  const given = Object.fromEntries(
    Object.entries(all).flatMap(([key, text]) => (text === undefined ? [] : [[key, text]])),
  );
  const query = { ...given, limit: String(limit) };
  const client = findClient(settings);
  if (client !== null) return answer(client.runs.table.$get({ query }));
  return withIndex(settings, output, ({ db }) => new RunTables({ db }).read(tableQuery.parse(query)));
}

/** A table for a program: its cells by their columns. */
function toValues({ columns, rows, groups, groupedBy }: RunTable): readonly unknown[] {
  const named = <Cell>(keys: RunTable['columns'], cells: readonly Cell[]) =>
    Object.fromEntries(keys.map(({ key }, index) => [key, cells[index]]));
  if (groups === null)
    return rows.map(({ id, number, name, state, rows: letter, differences, cells }) => ({
      ...{ id, number, name, state, rows: letter, cells: named(columns, cells), differences },
    }));
  return groups.map(({ n, filter, rows: letter, values, cells, differences }) => ({
    ...{ n, values: named(groupedBy, values), rows: letter, cells: named(columns, cells), differences, filter },
  }));
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
