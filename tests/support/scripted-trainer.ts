/**
 * A process that behaves as a trainer does towards the sidecar, without training: it writes events, obeys control.json
 * and ends. How is said by the variable SCRIPT: `steady` (default) goes on until it is told to stop, `quick` completes
 * after 20 metrics, `deaf` answers to nothing, `crash` ends in the middle of a line, `lost` loses its device at step 5,
 * `losing` does so after a new checkpoint until it completes at the fifth attempt, `scored` scores both splits and
 * completes: its test rows are those of its horizon, and every number of the test is 0.987654; `failing` fails once there
 * is a file `fail` in its folder. A step takes PACE ms, 5 if not said. Tests only.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from '#trainer/run-folder/lock-file.ts';

const value = (name: string) => process.argv[process.argv.indexOf(name) + 1];
const folder = value('--run');
const attempt = Number(value('--attempt'));
const script = process.env['SCRIPT'] ?? 'steady';
const pace = Number(process.env['PACE'] ?? 5);
const log = join(folder, 'events.jsonl');
let seq = readFileSync(log, 'utf8').trimEnd().split('\n').length;
acquireLock(join(folder, `attempt-${attempt}.lock`), value('--nonce'));
let paused = false;
let step = 0;

function write(body: object): void {
  seq++;
  appendFileSync(log, `${JSON.stringify({ seq, at: new Date().toISOString(), attempt, ...body })}\n`);
}

function status(state: string, rest: object = {}): void {
  write({ type: 'status', state, ...rest });
}

if (script === 'deaf') process.on('SIGTERM', () => undefined);
else {
  process.on('SIGTERM', () => {
    const isAsked = readFileSync(join(folder, 'control.json'), 'utf8').includes('"stop"');
    if (isAsked) status('cancelled', { reason: 'asked to' });
    else status('interrupted', { cause: 'signal', reason: 'SIGTERM' });
    process.exit(isAsked ? 3 : 5);
  });
}

const running = { engine: 'scripted', device: 'none' };
if (script === 'scored') score();
else status('running', running);

function score(): void {
  const horizon = Number(/horizon: (\d+)/.exec(readFileSync(join(folder, 'config.yaml'), 'utf8'))?.[1]);
  const rows = (split: string, from: string, to: string) => ({
    key: `${split} rows of horizon ${horizon}`,
    from: Date.parse(from),
    to: Date.parse(to),
    rows: 6803,
    horizon,
  });
  const validation = rows('validation', '2021-10-16', '2022-04-16');
  const test = rows('test', '2022-04-17', '2022-10-19');
  status('running', { ...running, evaluation: { validation, test } });
  write({ type: 'metric', step: 1, epoch: 1, values: { 'val.loss': 0.7, 'val.da': 0.51 } });
  const best = { name: 'best', step: 1, epoch: 1, metric: 'val.loss', value: 0.7, bytes: 1, sha256: '0' };
  write({ type: 'checkpoint', ...best });
  for (const [split, da] of [
    ['validation', 0.51],
    ['test', 0.987654],
  ] as const) {
    const checks = [{ name: 'beats naive', ok: split === 'test', message: `DA ${da}` }];
    write({ type: 'result', split, metrics: { da }, baselines: { majority: { da } }, checks });
    const time = split === 'test' ? '2022-05-01' : '2022-01-01';
    const csv = `time,split,target,prediction\n${time}T00:00:00.000Z,${split},0.01,${da}\n`;
    writeFileSync(join(folder, split === 'test' ? 'predictions-test.csv' : 'predictions.csv'), csv);
  }
  status('completed');
  process.exit(0);
}

setInterval(() => {
  const { want } = JSON.parse(readFileSync(join(folder, 'control.json'), 'utf8')) as { want: string };
  if (want === 'stop' && script !== 'deaf') {
    status('cancelled', { reason: 'asked to' });
    process.exit(3);
  }
  if ((want === 'pause') !== paused && script !== 'deaf') {
    paused = want === 'pause';
    status(paused ? 'paused' : 'running', paused ? {} : { engine: 'scripted', device: 'none' });
  }
  if (paused) return;
  step++;
  write({ type: 'metric', step, epoch: 0, values: { 'train.loss': 1 / step } });
  if (script === 'failing' && existsSync(join(folder, 'fail'))) {
    status('failed', { reason: 'told to' });
    process.exit(2);
  }
  if (script === 'quick' && step === 20) {
    status('completed');
    process.exit(0);
  }
  if ((script === 'lost' || (script === 'losing' && attempt < 5)) && step === 5) {
    const saved = { name: 'last', step: 5 * attempt, epoch: 1, metric: 'val.loss', value: 1, bytes: 1, sha256: '0' };
    if (script === 'losing') write({ type: 'checkpoint', ...saved });
    status('interrupted', { cause: 'device_lost', reason: 'The GPU was lost (scripted).' });
    process.exit(5);
  }
  if (script === 'losing' && step === 5) {
    status('completed');
    process.exit(0);
  }
  if (script === 'crash' && step === 5) {
    appendFileSync(log, `{"seq":${seq + 1},"at":"2026`);
    process.exit(134);
  }
}, pace);
