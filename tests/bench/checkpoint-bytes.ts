// Program: checkpoint-bytes [--json] [--epochs=1000]. Bytes that a run of short epochs writes for its checkpoints, saved after
// every epoch and at the interval of the defaults.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startAttempt } from '#trainer/process/attempt.ts';
import { eventsOf, makeRunFolder, readEvents, smallRun } from '#tests/support/run-folder.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, epochs: { type: 'string', default: '1000' } },
});
const home = mkdtempSync(join(tmpdir(), 'almanac-bench-'));
try {
  for (const every of [0, 5]) {
    const overrides = [...smallRun, `train.epochs=${values.epochs}`, `train.checkpoint_every=${every}`];
    const folder = makeRunFolder(home, `every-${every}`, overrides);
    const began = performance.now();
    const attempt = startAttempt({ folder, attempt: 1, nonce: 'bench', env: process.env, print: () => undefined });
    const code = await attempt.finished;
    if (code !== 0)
      throw new Error(`The run ended with ${code}: ${readFileSync(join(folder, 'events.jsonl'), 'utf8').slice(-500)}`);
    const saves = eventsOf(readEvents(folder), 'checkpoint');
    const row = {
      every,
      epochs: Number(values.epochs),
      seconds: (performance.now() - began) / 1000,
      saves: saves.length,
      bytes: saves.reduce((sum, { bytes }) => sum + bytes, 0),
    };
    const text =
      `checkpoint_every ${every}: ${row.epochs} epochs in ${row.seconds.toFixed(1)} s, ${row.saves} saves, ` +
      `${(row.bytes / 2 ** 20).toFixed(1)} MiB\n`;
    process.stdout.write(values.json ? `${JSON.stringify(row)}\n` : text);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
