/**
 * Program: how long it takes to index the folders of many runs, to open a table of them, to filter, sort and group it, and how
 * much memory the table holds. Runs are real folders (tests/support/many-runs.ts), indexed as a start does it, and the table is asked
 * for over HTTP.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { columnsAnswer, tableAnswer } from '#core/api/run-table.ts';
import { writeManyRuns } from '#tests/support/many-runs.ts';
import { readSettings } from '#trainer/settings/settings.ts';
import { startSidecar } from '#trainer/sidecar/main.ts';
import { spreadOf } from './spread.ts';
import { wholeOption } from './whole-option.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '10000' },
    columns: { type: 'string', default: '60' },
    repeats: { type: 'string', default: '9' },
  },
});
// The last page has a hundred.
const runs = wholeOption('runs', values, 100);
const home = mkdtempSync(join(tmpdir(), 'almanac-bench-'));
const found: {
  readonly what: string;
  readonly ms: number;
  readonly cpuMs?: number;
  readonly bytes?: number;
  readonly runs?: number;
}[] = [];

function tell(one: (typeof found)[number]): void {
  found.push(one);
  if (values.json) return;
  const more = [
    // What a machine with other work to do tells as well.
    ...(one.cpuMs === undefined ? [] : [`${one.cpuMs.toFixed(1)} ms of a processor, with the asking`]),
    ...(one.bytes === undefined ? [] : [`${(one.bytes / 1024).toFixed(0)} KiB`]),
    ...(one.runs === undefined ? [] : [`${one.runs} runs`]),
  ];
  process.stdout.write(`${one.what.padEnd(66)} ${one.ms.toFixed(1).padStart(8)} ms  ${more.join(', ')}\n`);
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ readonly ms: number; readonly result: Result }> {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}

try {
  mkdirSync(join(home, 'notebooks', 'none'), { recursive: true });
  const made = await timed(async () => writeManyRuns(join(home, 'runs'), runs));
  tell({ what: `writing the folders of ${runs} runs`, ms: made.ms });
  const settings = readSettings({ ALMANAC_HOME: home, TRAINER_PORT: '0' });
  for (const start of ['no index', 'indexed']) {
    const began = performance.now();
    const sidecar = await startSidecar(settings, { warn: () => undefined });
    const ask = async (path: string) => {
      const { ms, result } = await timed(async () => (await fetch(sidecar.url + path)).text());
      return { ms, text: result };
    };
    const first = await ask('/runs/table');
    tell({ what: `${start}: first answer of the table, from the start`, ms: performance.now() - began });
    tell({ what: `${start}: of which the request`, ms: first.ms, runs: tableAnswer.parse(JSON.parse(first.text)).all });
    let longest = 0;
    let isReady = false;
    void sidecar.workspace.ready.then(() => (isReady = true));
    while (!isReady) {
      longest = Math.max(longest, (await ask('/runs/table')).ms);
      await sleep(200);
    }
    tell({ what: `${start}: all indexed, from the start`, ms: performance.now() - began });
    tell({ what: `${start}: longest wait for the table meanwhile`, ms: longest });
    if (start === 'indexed') await measureTable(ask);
    await sidecar.close();
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
if (values.json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);

async function measureTable(ask: (path: string) => Promise<{ readonly ms: number; readonly text: string }>) {
  const { columns } = columnsAnswer.parse(JSON.parse((await ask('/runs/columns')).text));
  const shown = columns
    .filter(({ part }) => part !== 'run')
    .sort((a, b) => b.runs - a.runs)
    .slice(0, Number(values.columns))
    .map(({ key }) => key);
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    [`opening 100 rows of ${shown.length} columns`, {}],
    ['filter: val.da > 0.52', { filter: 'val.da > 0.52' }],
    [
      'filter: val.da > 0.52 and model.architecture in (tcn, mlp) and not tag:old',
      { filter: 'val.da > 0.52 and model.architecture in (tcn, mlp) and not tag:old' },
    ],
    ['filter: words of all texts', { filter: 'hourly tcn' }],
    ['sort: -val.da', { sort: '-val.da' }],
    ['filter and sort', { filter: 'val.da > 0.52 and train.seed in 2..4', sort: '-val.da,train.seed' }],
    ['group: setup, by mean val.da', { group: 'setup', sort: '-val.da' }],
    ['the last page', { offset: String(runs - 100) }],
  ];
  for (const [what, query] of cases) {
    const path = `/runs/table?${new URLSearchParams({ ...query, columns: shown.join(',') }).toString()}`;
    const [times, processor]: [number[], number[]] = [[], []];
    let text = '';
    for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
      const before = process.cpuUsage();
      const answer = await ask(path);
      const { user, system } = process.cpuUsage(before);
      processor.push((user + system) / 1000);
      times.push(answer.ms);
      ({ text } = answer);
    }
    tell({
      what: `${what} (first)`,
      ms: times[0],
      bytes: text.length,
      runs: tableAnswer.parse(JSON.parse(text)).total,
    });
    tell({
      what: `${what} (median of ${times.length})`,
      ms: spreadOf(times).median,
      cpuMs: spreadOf(processor).median,
    });
  }
  const whole = tableAnswer.parse(JSON.parse((await ask('/runs/table')).text));
  const again = await ask(`/runs/table?since=${whole.version}`);
  tell({ what: 'refreshing a table in which nothing changed', ms: again.ms, bytes: again.text.length });
  const columnsAgain = await ask('/runs/columns');
  tell({ what: 'what there is to filter by', ms: columnsAgain.ms, bytes: columnsAgain.text.length });
}
