// Program: loading [--json] [--rows=1000000] [--repeats=3] [--python=<command>]. Loads a CSV of bars in a process of its own:
// ours (finding, hashing, reading and cleaning it, as a run does), and pandas and polars (reading it into a frame), in turn.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { minute } from '#core/time/timeframe.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { peerFolder, pythonOf } from './peers/peer.ts';
import { ratioOf, spreadOf } from './spread.ts';
import { wholeOption } from './whole-option.ts';

/** What one process took to load a file. */
export interface Loaded {
  readonly version: string;
  readonly seconds: number;
  /** Time of all cores: what stays comparable while the machine has other work. */
  readonly cpuSeconds: number;
  readonly rows: number;
  readonly close: number;
  /** Highest resident memory of the process. */
  readonly peakBytes: number;
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '1000000' },
    repeats: { type: 'string', default: '3' },
    python: { type: 'string', default: pythonOf(peerFolder) },
  },
});
const [rows, repeats] = [wholeOption('rows', values, 2), wholeOption('repeats', values)];
const peers = ['pandas', 'polars'] as const;

/** Bars as text, their times written by `timeOf`. */
function textOf(timeOf: (ms: number) => string): string {
  const { time, open, high, low, close, volume } = sampleMarket({ seed: 7, bars: rows, step: minute });
  const lines = ['time,open,high,low,close,volume'];
  for (let k = 0; k < rows; k++) {
    const prices = [open[k], high[k], low[k], close[k]].map((price) => price.toFixed(2));
    lines.push(`${timeOf(time[k])},${prices.join()},${volume[k].toFixed(3)}`);
  }
  return `${lines.join('\n')}\n`;
}

function load(command: string, args: readonly string[]): Loaded {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status ?? error?.message}: ${stderr}`);
  return JSON.parse(stdout) as Loaded;
}

const program = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const loaders: Readonly<Record<string, (path: string) => Loaded>> = {
  ours: (path) => load(process.execPath, [program('loading-process.ts'), path]),
  ...Object.fromEntries(
    (existsSync(values.python) ? peers : []).map((peer) => [
      peer,
      (path: string) => load(values.python, [program('peers/loading.py'), peer, path]),
    ]),
  ),
};

const written: Readonly<Record<string, (ms: number) => string>> = {
  'epoch seconds': (ms) => String(ms / 1000),
  'ISO text': (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' '),
};

const folder = mkdtempSync(join(tmpdir(), 'almanac-loading-'));
const results: object[] = [];
const say = (text: string) => void (values.json || process.stdout.write(`${text}\n`));
try {
  if (!existsSync(values.python))
    say('pandas and polars are not installed: npm run bench:peers, or --python=<command>');
  for (const [times, timeOf] of Object.entries(written)) {
    const path = join(folder, 'bars.csv');
    writeFileSync(path, textOf(timeOf));
    const measured = Object.fromEntries(Object.keys(loaders).map((name): [string, Loaded[]] => [name, []]));
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const [name, loader] of Object.entries(loaders)) measured[name].push(loader(path));
    }
    say(`\n${rows.toLocaleString('en')} rows, times as ${times}`);
    for (const [name, runs] of Object.entries(measured)) {
      if (runs.some((run) => run.rows !== rows || Math.abs(run.close - measured.ours[0].close) > 1e-9)) {
        throw new Error(`${name} read other bars than ours: ${JSON.stringify(runs[0])}`);
      }
      const seconds = spreadOf(runs.map((run) => run.seconds));
      const cpu = spreadOf(runs.map((run) => run.cpuSeconds));
      const peak = spreadOf(runs.map((run) => run.peakBytes / 2 ** 20));
      const ratio = ratioOf(
        measured.ours.map((run) => run.seconds),
        runs.map((run) => run.seconds),
      );
      results.push({
        times,
        name,
        version: runs[0].version,
        rows,
        repeats,
        seconds,
        cpuSeconds: cpu,
        peakMiB: peak,
        ratio,
      });
      const range = `${seconds.min.toFixed(2)} to ${seconds.max.toFixed(2)}`;
      const against = name === 'ours' ? '' : `, ours takes ${ratio.median.toFixed(1)} times as long`;
      say(
        `  ${name.padEnd(7)} ${runs[0].version.padEnd(9)} ${seconds.median.toFixed(2)} s (${range}), ${cpu.median.toFixed(2)} s of CPU, ` +
          `peak ${peak.median.toFixed(0)} MiB${against}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
