// Program: memory [--json] [--runs=100]. Resident memory of the sidecar after run 20 and after the last one. Its trainers
// are scripted; everything else is as with real ones: each run is made, followed over the stream to its end, and read.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readStream, isEnd } from '#tests/support/read-stream.ts';
import { wholeOption } from './whole-option.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '100' } },
});
const runs = wholeOption('runs', values, 40);
const early = 20;
const abreast = 4;

const home = mkdtempSync(join(tmpdir(), 'almanac-bench-'));
mkdirSync(join(home, 'notebooks', 'none'), { recursive: true });
const program = fileURLToPath(new URL('./scripted-sidecar.ts', import.meta.url));
const child = spawn(process.execPath, [program], {
  env: { PATH: process.env['PATH'], ALMANAC_HOME: home, ALMANAC_CONCURRENCY: String(abreast) },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise<string>((done, failed) => {
  child.stdout.once('data', (chunk) => done(String(chunk).trim()));
  child.once('exit', (code) => failed(new Error(`The sidecar ended with code ${code}.`)));
});

async function answer<Answer>(path: string, body?: object): Promise<Answer> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(url + path, body === undefined ? {} : init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function oneRun(): Promise<void> {
  const { id } = await answer<{ id: string }>('/runs', {});
  await readStream(`${url}/runs/${id}/stream`, isEnd);
  for (const part of ['', '/metrics', '/logs', '/artifacts']) await answer(`/runs/${id}${part}`);
  await answer('/runs');
}

/** The lowest of some readings over two seconds: what is kept, not what is waiting to be collected. */
async function readRss(): Promise<number> {
  let lowest = Infinity;
  for (let reading = 0; reading < 10; reading++) {
    await new Promise((wake) => setTimeout(wake, 200));
    const { sidecar } = await answer<{ sidecar: { rss: number } }>('/system');
    lowest = Math.min(lowest, sidecar.rss);
  }
  return lowest;
}

const began = performance.now();
let earlyRss = 0;
try {
  for (let made = 0; made < runs; made += abreast) {
    await Promise.all(Array.from({ length: abreast }, oneRun));
    if (made + abreast === early) earlyRss = await readRss();
  }
  const lateRss = await readRss();
  const result = { runs, earlyRss, lateRss, ratio: lateRss / earlyRss, seconds: (performance.now() - began) / 1000 };
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    process.stdout.write(
      `RSS of the sidecar: ${mib(earlyRss)} after run ${early}, ${mib(lateRss)} after run ${runs}: ` +
        `${result.ratio.toFixed(2)} times (at most 1.2 wanted); ${result.seconds.toFixed(0)} s\n`,
    );
  }
  if (result.ratio > 1.2) process.exitCode = 1;
} finally {
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await gone;
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
