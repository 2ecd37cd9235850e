/**
 * Program: how long a start takes, for a home of many runs and for one long log, with an index and without: ms to the first
 * answer, ms until all is indexed, and the longest that an answer was waited for meanwhile.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultConfig } from '#core/config/compile.ts';
import { freePort } from '#tests/support/app.ts';
import { memoryOf } from '#tests/support/process-table.ts';
import { runRecord } from '#tests/support/run-record.ts';
import { metricLines } from '#tests/support/test-run.ts';
import { writeFrozenRun } from '#trainer/run-folder/frozen.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '1000' },
    events: { type: 'string', default: '1000000' },
  },
});
const program = fileURLToPath(new URL('../../trainer/sidecar/main.ts', import.meta.url));
const at = '2026-01-01T00:00:00.000Z';
const status = (seq: number, state: string) => `${JSON.stringify({ seq, at, attempt: 1, type: 'status', state })}\n`;

/** The first is frozen as the sidecar does it, and synced; the others are copies of it. */
async function makeRun(home: string, number: number, metrics: number): Promise<void> {
  const runs = join(home, 'runs');
  mkdirSync(runs, { recursive: true });
  const idOf = (nth: number) => `01aaaaaaaaaaaaaaaa${String(nth).padStart(4, '0')}`;
  const id = idOf(number);
  const record = runRecord({ id, number, name: `Run ${number}`, createdAt: at });
  if (number === 1) await writeFrozenRun(runs, { record, source: '', config: defaultConfig(), overrides: [] });
  else {
    cpSync(join(runs, idOf(1)), join(runs, id), { recursive: true });
    writeFileSync(join(runs, id, 'run.json'), JSON.stringify(record));
  }
  const log = join(runs, id, 'events.jsonl');
  writeFileSync(log, status(1, 'queued') + status(2, 'starting') + status(3, 'running'));
  for (let done = 0; done < metrics; done += 10_000)
    appendFileSync(log, metricLines(4 + done, Math.min(10_000, metrics - done)));
  appendFileSync(log, status(4 + metrics, 'completed'));
}

interface Start {
  readonly what: string;
  readonly firstMs: number;
  readonly indexedMs: number;
  readonly longestWaitMs: number;
  readonly peakMiB: number;
}

async function start(what: string, home: string): Promise<Start> {
  const port = await freePort();
  const env = { ...process.env, ALMANAC_HOME: home, HOST: '127.0.0.1', PORT: '1', TRAINER_PORT: String(port) };
  const began = performance.now();
  const child: ChildProcess = spawn(process.execPath, [program], { env, stdio: 'ignore' });
  const ended = new Promise((done) => child.once('exit', done));
  const url = `http://127.0.0.1:${port}/health`;
  let first = 0;
  let longest = 0;
  try {
    for (;;) {
      const asked = performance.now();
      const answer = await fetch(url).catch(() => null);
      if (answer === null) {
        if (child.exitCode !== null) throw new Error('the sidecar has ended');
        await sleep(5);
        continue;
      }
      const { index } = (await answer.json()) as { index: { state: string } };
      if (first === 0) first = performance.now() - began;
      else longest = Math.max(longest, performance.now() - asked);
      if (index.state === 'ready') break;
      await sleep(5);
    }
    const indexedMs = performance.now() - began;
    const peakMiB = memoryOf(child.pid ?? 0, 'most') / 2 ** 20;
    return { what, firstMs: first, indexedMs, longestWaitMs: longest, peakMiB };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

const starts: Start[] = [];
const runs = Number(values.runs);
const events = Number(values.events);

/** Measures a start and shows it: the whole takes minutes. */
async function measure(what: string, home: string): Promise<void> {
  const one = await start(what, home);
  starts.push(one);
  if (values.json) return;
  const { firstMs, indexedMs, longestWaitMs, peakMiB } = one;
  process.stdout.write(
    `${what.padEnd(44)} first answer ${firstMs.toFixed(0).padStart(6)} ms  indexed ${indexedMs.toFixed(0).padStart(7)} ms  ` +
      `longest wait ${longestWaitMs.toFixed(0).padStart(5)} ms  peak ${peakMiB.toFixed(0).padStart(4)} MiB\n`,
  );
}

for (const [what, make] of [
  [
    `${runs} runs of 200 events`,
    async (home: string) => {
      for (let number = 1; number <= runs; number++) await makeRun(home, number, 196);
    },
  ],
  [`one run of ${events} events`, (home: string) => makeRun(home, 1, events - 4)],
] as const) {
  const home = mkdtempSync(join(tmpdir(), 'almanac-bench-'));
  mkdirSync(join(home, 'notebooks', 'none'), { recursive: true });
  try {
    await make(home);
    await measure(`${what}, no index`, home);
    await measure(`${what}, indexed`, home);
    writeFileSync(join(home, 'runs', 'almanac.db'), 'garbage');
    await measure(`${what}, a damaged index`, home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
if (values.json) process.stdout.write(`${JSON.stringify(starts, null, 2)}\n`);
