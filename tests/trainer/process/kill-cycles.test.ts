import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventsOf, makeRunFolder, readEvents, resultDigests, smallRun } from '#tests/support/run-folder.ts';
import { type KillableRun, runKillCycles } from '#tests/support/kill-cycles.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { startTrainer } from '#tests/support/trainer-process.ts';

function directRun(folder: string): KillableRun {
  return {
    folder,
    async start(attempt) {
      const { child, exit } = startTrainer(folder, attempt);
      return {
        async kill() {
          child.kill('SIGKILL');
          await exit;
        },
        ended: exit.then(() => undefined),
      };
    },
    isFinished: () => lastState(folder) === 'completed',
  };
}

/** How the run stands; a killed writer may leave a torn line, or no log at all. */
function lastState(folder: string): string | undefined {
  const path = join(folder, 'events.jsonl');
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const status = lines.map((line) => JSON.parse(line)).findLast((event) => event.type === 'status');
  return status?.state;
}

it('ends with the same bits after kills at random moments as without one', { timeout: 240_000 }, async () => {
  const home = temporaryFolder();
  const seed = 20_261_123;
  const overrides = [...smallRun, 'train.epochs=32'];
  const whole = makeRunFolder(home, 'whole', overrides);
  expect(await startTrainer(whole, 1).exit).toEqual({ code: 0, signal: null });

  const killed = makeRunFolder(home, 'killed', overrides);
  const { kills, attempts } = await runKillCycles(directRun(killed), { cycles: 8, seed });
  expect(kills).toBe(8);
  expect(attempts).toBe(9);

  const events = readEvents(killed);
  expect(new Set(events.map((event) => event.attempt)).size).toBeGreaterThan(4);
  expect(eventsOf(events, 'status').at(-1)).toMatchObject({ state: 'completed', reason: 'all 32 epochs' });
  expect(resultDigests(killed)).toEqual(resultDigests(whole));
  const results = (folder: string) =>
    eventsOf(readEvents(folder), 'result')
      .slice(-2)
      .map(({ metrics }) => metrics);
  expect(results(killed)).toEqual(results(whole));
});
