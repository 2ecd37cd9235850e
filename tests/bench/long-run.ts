// Program: long-run [--json] [--events=1000000] [--runs=10000] [--zip-mib=700] [--only=]. How long everybody else waits for
// the sidecar while something long is asked of it, how long that takes, and how much memory the sidecar has then.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compileCache, sidecarOptions } from '#trainer/starter/sidecar-start.ts';
import { addRuns, makeLongRun, makeWeights } from '#tests/support/long-run.ts';
import { memoryOf } from '#tests/support/process-table.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    events: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '10000' },
    'zip-mib': { type: 'string', default: '700' },
    only: { type: 'string' },
  },
});

const home = mkdtempSync(join(tmpdir(), 'almanac-bench-'));
mkdirSync(join(home, 'notebooks', 'none'), { recursive: true });
const { id, folder } = await makeLongRun(home, Number(values.events));
await addRuns(home, Number(values.runs));
for (const name of ['best', 'last', 'manual']) makeWeights(folder, name, Number(values['zip-mib']) * 2 ** 20);

/** Reads an answer to its end: its bytes, or the status it was refused with, or how it broke off. */
async function read(url: string): Promise<number | string> {
  try {
    const response = await fetch(url);
    if (response.body === null || !response.ok) {
      await response.body?.cancel();
      return String(response.status);
    }
    let bytes = 0;
    for await (const chunk of response.body) bytes += chunk.length;
    return bytes;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Bytes of several answers; of those that failed the first reason. */
function add(answers: readonly (number | string)[]): number | string {
  return (
    answers.find((answer) => typeof answer === 'string') ??
    answers.reduce<number>((sum, answer) => sum + Number(answer), 0)
  );
}

async function together(count: number, url: string): Promise<number | string> {
  return add(await Promise.all(Array.from({ length: count }, () => read(url))));
}

async function inTurn(urls: readonly string[]): Promise<number | string> {
  const answers: (number | string)[] = [];
  for (const url of urls) answers.push(await read(url));
  return add(answers);
}

const run = `/runs/${id}`;
const tasks: Readonly<Record<string, (url: string) => Promise<number | string>>> = {
  // What they wait on this machine for nothing.
  nothing: () => new Promise((done) => setTimeout(done, 3000, 0)),
  'curves, 1,000 points each': (url) => read(`${url}${run}/metrics?points=1000`),
  'curves, twice': (url) => inTurn([`${url}${run}/metrics?points=1000`, `${url}${run}/metrics?points=1000`]),
  'curves, eight at once': (url) => together(8, `${url}${run}/metrics?points=1001`),
  'readings, 1,000 samples': (url) => read(`${url}${run}/system?points=1000`),
  'log, last 1,000 lines': (url) => read(`${url}${run}/logs?tail=1000`),
  'all metrics as JSON': (url) => read(`${url}${run}/metrics`),
  'all metrics as CSV': (url) => read(`${url}${run}/metrics?format=csv`),
  'replay of the stream': (url) => read(`${url}${run}/stream`),
  'replay, eight at once': (url) => together(8, `${url}${run}/stream`),
  'digests of the files': (url) => read(`${url}${run}/artifacts`),
  'zips of three checkpoints': (url) =>
    inTurn(['best', 'last', 'manual'].map((name) => `${url}${run}/artifacts/checkpoints/${name}?archive=zip`)),
  'list of 500 runs': (url) => read(`${url}/runs?limit=500`),
  'all runs, a page at a time': (url) =>
    inTurn(
      Array.from({ length: Math.ceil(Number(values.runs) / 500) }, (_, i) => `${url}/runs?limit=500&offset=${500 * i}`),
    ),
};

interface Row {
  readonly task: string;
  readonly seconds: number;
  /** Of the sidecar's processor time. */
  readonly cpuSeconds: number;
  readonly longestWaitMs: number;
  readonly peakRssMiB: number;
  /** Of the answers, or why there were none. */
  readonly answer: number | string;
}

const program = fileURLToPath(new URL('./scripted-sidecar.ts', import.meta.url));

/** Processor time that a process has used, in seconds. */
function cpuOf(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

/** Of a sidecar that is started as `npm start` does it. */
async function measure(task: string): Promise<Row> {
  const child = spawn(process.execPath, [...sidecarOptions, program], {
    env: { PATH: process.env['PATH'], ALMANAC_HOME: home, NODE_COMPILE_CACHE: compileCache },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((done, failed) => {
    child.stdout.once('data', (chunk) => done(String(chunk).trim()));
    child.once('exit', (code) => failed(new Error(`The sidecar ended with code ${code}.`)));
  });
  const pid = child.pid ?? 0;
  try {
    await read(`${url}/health`);
    let peakRssMiB = 0;
    // Another process asks, which the reading of the answers does not hold up.
    const others = spawn(process.execPath, [fileURLToPath(new URL('./waiting.ts', import.meta.url)), `${url}/health`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const waited = new Promise<number>((done) => {
      let text = '';
      others.stdout.on('data', (chunk) => (text += String(chunk)));
      others.once('exit', () => done(Number(text.trim().split('\n').at(-1))));
    });
    await new Promise((ready) => others.stdout.once('data', ready));
    const watch = setInterval(() => (peakRssMiB = Math.max(peakRssMiB, memoryOf(pid) / 2 ** 20)), 20);
    const [began, used] = [performance.now(), cpuOf(pid)];
    const answer = await tasks[task](url);
    const [seconds, cpuSeconds] = [(performance.now() - began) / 1000, cpuOf(pid) - used];
    clearInterval(watch);
    others.stdin.end();
    return { task, seconds, cpuSeconds, longestWaitMs: await waited, peakRssMiB, answer };
  } finally {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
  }
}

try {
  for (const task of Object.keys(tasks)) {
    if (values.only !== undefined && !task.includes(values.only)) continue;
    const row = await measure(task);
    if (values.json) process.stdout.write(`${JSON.stringify(row)}\n`);
    else {
      const cells = [
        row.task.padEnd(28),
        typeof row.answer === 'string' ? row.answer : `${(row.answer / 2 ** 20).toFixed(1)} MiB`,
        `${row.seconds.toFixed(2)} s`,
        `CPU ${row.cpuSeconds.toFixed(2)} s`,
        `longest wait of others ${row.longestWaitMs.toFixed(0)} ms`,
        `RSS ${row.peakRssMiB.toFixed(0)} MiB`,
      ];
      process.stdout.write(`${cells.join('  ')}\n`);
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
