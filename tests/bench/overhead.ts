// Program: overhead [--json]. Trains the example notebook as the trainer process does and measures what part of its time
// goes to events and logging: making, writing, printing and syncing each event, polling control.json, and metrics.csv.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireConfig } from '#core/config/compile.ts';
import { writeConfig } from '#core/config/yaml.ts';
import { cellValues } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { startAttempt } from '#trainer/process/attempt.ts';
import { trainRun } from '#trainer/process/train-run.ts';

const home = mkdtempSync(join(tmpdir(), 'almanac-bench-'));
const folder = join(home, 'runs', 'bench');
mkdirSync(folder, { recursive: true });
mkdirSync(join(home, 'notebooks'));
const notebook = readFileSync(new URL('../../notebooks/first-run.md', import.meta.url), 'utf8');
const overrides = ['train.engine=wasm', 'train.early_stopping=null'];
const { config } = requireConfig({ cells: cellValues(parseNotebook(notebook)), overrides });
writeFileSync(join(folder, 'config.yaml'), writeConfig(config));

let spent = 0;
/** Runs `work` and adds its time to what events and logging cost. */
function counted<Result>(work: () => Result): Result {
  const began = performance.now();
  try {
    return work();
  } finally {
    spent += performance.now() - began;
  }
}

const began = performance.now();
let worked = 0;
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
      },
    });
    worked = performance.now() - began;
    events = log.lastSeq;
    return end;
  },
});
const code = await attempt.finished;
const total = performance.now() - began;
// What follows the work is metrics.csv, the last status and the last sync.
spent += total - worked;
const bytes = statSync(join(folder, 'events.jsonl')).size;
rmSync(home, { recursive: true, force: true });
if (code !== 0) throw new Error(`The run ended with code ${code}.`);

const result = { seconds: total / 1000, eventSeconds: spent / 1000, share: spent / total, events, bytes };
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  process.stdout.write(
    `first-run, ${config.train.epochs} epochs on wasm: ${(total / 1000).toFixed(1)} s, of which ${spent.toFixed(0)} ms ` +
      `(${(100 * result.share).toFixed(2)} %) on ${events} events and logging\n`,
  );
}
process.exit(0);
