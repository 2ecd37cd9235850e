// Program: npm run bench -- [name ...] [options of the bench]. Without a name it measures throughput.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const benches: Readonly<Record<string, { readonly file: string; readonly what: string }>> = {
  throughput: {
    file: 'measure-throughput.ts',
    what:
      'samples a second of each model, beside PyTorch and Keras  [--json] [--model=] [--variant=] [--engine=] ' +
      '[--peer=] [--device=] [--batch=] [--seconds=] [--repeats=] [--threads=] [--profile] [--shipped]',
  },
  indicators: {
    file: 'indicators.ts',
    what: '23 indicator columns over a million bars, beside TA-Lib’s C  [--json] [--rows=1000000] [--repeats=9]',
  },
  learning: {
    file: 'learning.ts',
    what:
      'R² of each model on series with a known optimum, beside ridge regression  [--json] [--model=] [--series=] ' +
      '[--rows=4000] [--lookback=16] [--epochs=30] [--seeds=3]',
  },
  overhead: {
    file: 'overhead.ts',
    what: 'share of a trainer’s time that goes to logging, events and checkpoints  [--json]',
  },
  'first-metric': {
    file: 'first-metric.ts',
    what: 'from the request to the first metric of a run  [--json] [--runs=5]',
  },
  fork: {
    file: 'fork.ts',
    what: 'first metric of a fork beside that of its parent, at a million bars  [--json] [--rows=1000000] [--repeats=3]',
  },
  'live-page': {
    file: 'live-page.ts',
    what:
      'what the page of a run of very short epochs takes of the browser  [--json] [--seconds=15] [--epochs=10000] ' +
      '[--from=1000] [--profile=FILE]',
  },
  loading: {
    file: 'loading.ts',
    what: 'a million-row CSV, beside pandas and polars  [--json] [--rows=] [--repeats=3] [--python=]',
  },
  starting: {
    file: 'starting.ts',
    what: 'a start with many runs, and with one long log: first answer, all indexed, longest wait  [--json] [--runs=] [--events=]',
  },
  'run-table': {
    file: 'run-table.ts',
    what:
      'many real run folders: first index, opening, filtering, sorting and grouping their table  [--json] [--runs=10000] ' +
      '[--columns=60] [--repeats=9]',
  },
  'long-run': {
    file: 'long-run.ts',
    what:
      'waits of others, seconds and RSS while a run of a million events is read  [--json] [--events=1000000] ' +
      '[--runs=10000] [--zip-mib=700] [--only=]',
  },
  'checkpoint-bytes': {
    file: 'checkpoint-bytes.ts',
    what: 'bytes that a run of short epochs writes for its checkpoints  [--json] [--epochs=1000]',
  },
  inspecting: { file: 'inspecting.ts', what: 'a three-million-row CSV, inspected twice  [--json] [--rows=3000000]' },
  memory: { file: 'memory.ts', what: 'RSS of the sidecar after run 20 and after run 100  [--json] [--runs=100]' },
};

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const names = firstOption < 0 ? args : args.slice(0, firstOption);
const options = args.slice(names.length);
const unknown = names.find((name) => benches[name] === undefined);

if (unknown !== undefined || options.includes('--list') || options.includes('--help')) {
  const lines = Object.entries(benches).map(([name, { what }]) => `  ${name.padEnd(16)} ${what}`);
  const text = `usage: npm run bench -- [name ...] [options]\n\n${lines.join('\n')}\n`;
  if (unknown === undefined) process.stdout.write(text);
  else process.stderr.write(`bench: expected ${Object.keys(benches).join(', ')}, received ${unknown}\n\n${text}`);
  process.exitCode = unknown === undefined ? 0 : 2;
} else {
  for (const name of names.length === 0 ? ['throughput'] : names) {
    const program = fileURLToPath(new URL(benches[name].file, import.meta.url));
    const { status } = spawnSync(process.execPath, [program, ...options], { stdio: 'inherit' });
    process.exitCode = Math.max(Number(process.exitCode ?? 0), status ?? 1);
  }
}
