// Program: overhead [--json]. Trains the example notebook as the trainer process does and measures what part of the time of
// its epochs goes to events and logging (making, writing, printing and syncing each event, polling control.json) and what
// part to checkpoints (reading the weights back, encoding, writing, syncing).
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireConfig } from '#core/config/compile.ts';
import { writeConfig } from '#core/config/yaml.ts';
import { cellValues } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import type { EventBody } from '#core/run/event.ts';
import { startAttempt } from '#trainer/process/attempt.ts';
import type { EventLog } from '#trainer/process/event-log.ts';
import { trainRun } from '#trainer/process/train-run.ts';

const home = mkdtempSync(join(tmpdir(), 'almanac-bench-'));
const folder = join(home, 'runs', 'bench');
mkdirSync(folder, { recursive: true });
mkdirSync(join(home, 'notebooks'));
const notebook = readFileSync(new URL('../../notebooks/first-run.md', import.meta.url), 'utf8');
const overrides = ['train.engine=wasm', 'train.early_stopping=null'];
const { config } = requireConfig({ cells: cellValues(parseNotebook(notebook)), overrides });
writeFileSync(join(folder, 'config.yaml'), writeConfig(config));

/** Milliseconds, of the epochs alone: what comes before the first and after the last is not counted. */
const spent = { events: 0, checkpoints: 0 };
const stages = new Map<string, number>();
const training = () => stages.has('training') && !stages.has('evaluation');
/** When the last event was written that training waits for, and what events have cost since. */
let written = { at: 0, events: 0 };

/** Runs `work` and adds its time to what events and logging cost. */
function counted<Result>(work: () => Result): Result {
  const began = performance.now();
  try {
    return work();
  } finally {
    if (training()) spent.events += performance.now() - began;
  }
}

/**
 * Writes an event. Training saves a checkpoint right after the event of an epoch's score or of another checkpoint, and
 * tells of it when it lies on the disk: the time between is the checkpoint's, but for events of timers that fell into it.
 */
function append(log: EventLog, body: EventBody): ReturnType<EventLog['append']> {
  if (body.type === 'checkpoint' && training())
    spent.checkpoints += performance.now() - written.at - (spent.events - written.events);
  const result = counted(() => log.append(body));
  if (body.type !== 'system') written = { at: performance.now(), events: spent.events };
  return result;
}

let events = 0;
const attempt = startAttempt({
  folder,
  attempt: 1,
  nonce: 'bench',
  env: { ALMANAC_HOME: home },
  // As to trainer.log: the line is made and written, here to nowhere.
  print: (text) => writeFileSync('/dev/null', text),
  async work({ log, control, ...context }) {
    const end = await trainRun({
      ...context,
      stage: (name) => void stages.set(name, performance.now()),
      log: {
        get lastSeq() {
          return log.lastSeq;
        },
        get last() {
          return log.last;
        },
        append: (body) => append(log, body),
        sync: () => counted(() => log.sync()),
        close: () => counted(() => log.close()),
      },
      control: {
        poll: () => counted(() => control.poll()),
        want: () => counted(() => control.want()),
        stop: () => control.stop(),
      },
    });
    events = log.lastSeq;
    return end;
  },
});
const code = await attempt.finished;
const bytes = statSync(join(folder, 'events.jsonl')).size;
rmSync(home, { recursive: true, force: true });
if (code !== 0) throw new Error(`The run ended with code ${code}.`);

const milliseconds = (stages.get('evaluation') ?? Number.NaN) - (stages.get('training') ?? Number.NaN);
const eventShare = spent.events / milliseconds;
const checkpointShare = spent.checkpoints / milliseconds;
const result = {
  epochs: config.train.epochs,
  trainingSeconds: milliseconds / 1000,
  eventSeconds: spent.events / 1000,
  checkpointSeconds: spent.checkpoints / 1000,
  eventShare,
  checkpointShare,
  share: eventShare + checkpointShare,
  events,
  bytes,
};
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  process.stdout.write(
    `first-run, ${result.epochs} epochs on wasm: ${result.trainingSeconds.toFixed(1)} s of training, of which ` +
      `${spent.events.toFixed(0)} ms (${percent(eventShare)}) on ${events} events and logging and ` +
      `${spent.checkpoints.toFixed(0)} ms (${percent(checkpointShare)}) on checkpoints: ${percent(result.share)} together ` +
      '(under 2 % wanted)\n',
  );
}
process.exit(0);
