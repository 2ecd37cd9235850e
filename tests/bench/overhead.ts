// Program: overhead [--json]. Trains the example notebook as the trainer process does and measures what part of the time of
// its epochs goes to events and logging (making, writing, printing and syncing each event, polling control.json) and what
// part to checkpoints, as far as training waits for them (reading the weights back, encoding, handing them to the thread that
// writes them; waiting for it where it has fallen behind).
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireConfig } from '#core/config/compile.ts';
import { writeConfig } from '#core/config/yaml.ts';
import { cellValues } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { startAttempt } from '#trainer/process/attempt.ts';
import type { TrainingHooks } from '#trainer/ml/training-state.ts';
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
 * Counts a checkpoint from the moment an epoch's score was reported, behind which training reads its weights back, to the
 * moment it has handed the last of them over.
 */
function watch(hooks: TrainingHooks): TrainingHooks {
  let scored = 0;
  return {
    ...hooks,
    metric(step, epoch, values) {
      hooks.metric(step, epoch, values);
      scored = performance.now();
    },
    async checkpoint(name, state, metric) {
      await hooks.checkpoint(name, state, metric);
      spent.checkpoints += performance.now() - scored;
      scored = performance.now();
    },
  };
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
      watch,
      stage: (name) => void stages.set(name, performance.now()),
      log: {
        get lastSeq() {
          return log.lastSeq;
        },
        get last() {
          return log.last;
        },
        append: (body) => counted(() => log.append(body)),
        sync: () => counted(() => log.sync()),
        close: () => counted(() => log.close()),
      },
      control: {
        poll: () => counted(() => control.poll()),
        want: () => counted(() => control.want()),
        stop: () => control.stop(),
        isStopAsked: () => control.isStopAsked(),
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
