// Program: indicators [--json] [--rows=1000000] [--repeats=9]. Time of 23 indicator columns over the built-in market, ours
// beside TA-Lib's C, in turn: ours, TA-Lib, ours, TA-Lib, once a repeat. Both run on one thread. Processor time is printed
// beside the time on the clock, because a machine that does other work too stretches the latter.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bars } from '#core/bars/bars.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { columnTitles, computeColumns, pairings } from './indicator-columns.ts';
import { startLineProcess } from './line-process.ts';
import { completeMark, peerFolder, pythonOf } from './peers/peer.ts';
import { ratioOf, type Spread, spreadOf } from './spread.ts';
import { wholeOption } from './whole-option.ts';

/** Of one repeat, in ms: on the clock, and of the processor, collection of garbage included. */
interface Times {
  readonly wall: number;
  readonly cpu: number;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '1000000' },
    repeats: { type: 'string', default: '9' },
  },
});

function measureOurs(bars: Bars): Times {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  computeColumns(bars);
  const { user, system } = process.cpuUsage(cpu);
  return { wall: performance.now() - wall, cpu: (user + system) / 1000 };
}

/** Share of the settled rows on which the two differ by more than 1e−6 of the column's size. */
function differing(ours: Float64Array, theirs: Float64Array): number {
  let [size, rows, wrong] = [0, 0, 0];
  for (let i = 0; i < ours.length; i++) if (Math.abs(ours[i]) < Infinity) size += Math.abs(ours[i]) / ours.length;
  for (let i = 0; i < ours.length; i++) {
    if (Number.isNaN(ours[i]) || Number.isNaN(theirs[i])) continue;
    rows++;
    if (!(Math.abs(ours[i] - theirs[i]) <= 1e-6 * Math.max(size, Math.abs(ours[i])))) wrong++;
  }
  return wrong / rows;
}

/** Once more than asked for: the first compiles. */
function measureAlone(bars: Bars, repeats: number): Times[] {
  return Array.from({ length: repeats + 1 }, () => measureOurs(bars)).slice(1);
}

async function measureBoth(bars: Bars, repeats: number) {
  const ours: Times[] = [];
  const theirs: Times[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'almanac-bench-'));
  try {
    const file = join(folder, 'bars');
    const columns = [bars.open, bars.high, bars.low, bars.close, bars.volume];
    writeFileSync(
      file,
      Buffer.concat(columns.map((column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength))),
    );
    const program = fileURLToPath(new URL('./peers/talib_peer.py', import.meta.url));
    const peer = await startLineProcess('TA-Lib', [pythonOf(peerFolder), program, file]);
    const { version } = peer.greeting as { readonly version: string };
    // Once before it counts: ours is compiled then, and both have their memory.
    measureOurs(bars);
    await peer.ask('measure');
    for (let repeat = 0; repeat < repeats; repeat++) {
      ours.push(measureOurs(bars));
      theirs.push((await peer.ask('measure')) as Times);
    }
    const answers = join(folder, 'columns');
    await peer.ask(`columns ${answers}`);
    await peer.close();
    const bytes = readFileSync(answers);
    const all = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
    const rows = bars.time.length;
    const differences = computeColumns(bars).map((column, c) => ({
      column: columnTitles[c],
      share: differing(column, all.subarray(c * rows, (c + 1) * rows)),
    }));
    return { version, ours, theirs, differences: differences.filter(({ share }) => share > 0) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ms = ({ median, min, max }: Spread) => `${median.toFixed(0)} ms (${min.toFixed(0)} to ${max.toFixed(0)})`;
const times = ({ median, min, max }: Spread) => `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
const spreads = (measured: readonly Times[]) => ({
  wall: spreadOf(measured.map(({ wall }) => wall)),
  cpu: spreadOf(measured.map(({ cpu }) => cpu)),
});

async function main(): Promise<void> {
  const [rows, repeats] = [wholeOption('rows', options, 1000), wholeOption('repeats', options)];
  const bars = sampleMarket({ seed: 1, bars: rows, step: 60_000 });
  const print = (text: string) => void (options.json ? process.stderr : process.stdout).write(`${text}\n`);
  const load = loadavg()[0];
  print(
    `${columnTitles.length} columns over ${rows.toLocaleString('en-US')} bars, ${repeats} repeats; ours beside TA-Lib's:`,
  );
  for (const line of pairings) print(`  ${line}`);
  print(`load of the machine before: ${load.toFixed(1)} on ${availableParallelism()} cores`);

  let beside: Awaited<ReturnType<typeof measureBoth>> | undefined;
  if (existsSync(completeMark(peerFolder, 'indicators'))) beside = await measureBoth(bars, repeats);
  else print('(TA-Lib is not installed: npm run bench:peers -- --only=indicators does it, about 20 MB to download)');
  const ours = beside?.ours ?? measureAlone(bars, repeats);
  const own = spreads(ours);
  print(`  ours    ${ms(own.wall)} on the clock, ${ms(own.cpu)} of the processor; Node ${process.versions.node}`);
  const result = { rows, repeats, columns: columnTitles, load, ours: own, talib: null, ratio: null, differences: null };
  if (beside === undefined) {
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  const talib = spreads(beside.theirs);
  const ratio = {
    wall: ratioOf(
      ours.map(({ wall }) => wall),
      beside.theirs.map(({ wall }) => wall),
    ),
    cpu: ratioOf(
      ours.map(({ cpu }) => cpu),
      beside.theirs.map(({ cpu }) => cpu),
    ),
  };
  print(`  TA-Lib  ${ms(talib.wall)} on the clock, ${ms(talib.cpu)} of the processor; ${beside.version}`);
  print(`  ours / TA-Lib  ${times(ratio.wall)} on the clock, ${times(ratio.cpu)} of the processor (at most 3 wanted)`);
  const share = (value: number) => `${(100 * value).toFixed(value < 0.001 ? 4 : 1)} %`;
  const named = beside.differences.map(({ column, share: part }) => `${column} on ${share(part)} of the rows`);
  print(
    `  values equal to 1e-6${named.length === 0 ? '' : `, but for ${named.join(', ')} (features/FORMULAS.md, Ties)`}`,
  );
  if (options.json)
    process.stdout.write(`${JSON.stringify({ ...result, talib, ratio, differences: beside.differences })}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
