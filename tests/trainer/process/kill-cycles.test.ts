import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventsOf, makeRunFolder, readEvents, resultDigests, smallRun } from '#tests/support/run-folder.ts';
import { type KillableRun, runKillCycles } from '#tests/support/kill-cycles.ts';
import { scale } from '#tests/support/scale.ts';
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

it('ends with the same bits after kills at random moments as without one', async () => {
  const home = temporaryFolder();
  const seed = 20_261_123;
  const wanted = scale(8, 3);
  const overrides = [...smallRun, 'train.epochs=32'];
  const whole = makeRunFolder(home, 'whole', overrides);
  expect(await startTrainer(whole, 1).exit).toEqual({ code: 0, signal: null });
  const results = (folder: string) =>
    eventsOf(readEvents(folder), 'result')
      .slice(-2)
      .map(({ metrics }) => metrics);

  let killed = 0;
  let heard = 0;
  // A run that ends before all kills are done, on a fast machine, has its twin take the rest.
  for (let run = 0; killed < wanted; run++) {
    const folder = makeRunFolder(home, `killed-${run}`, overrides);
    const { kills } = await runKillCycles(directRun(folder), { cycles: wanted - killed, seed: seed + run });
    killed += kills;
    const events = readEvents(folder);
    heard += new Set(events.map((event) => event.attempt)).size;
    expect(eventsOf(events, 'status').at(-1)).toMatchObject({ state: 'completed', reason: 'all 32 epochs' });
    expect(resultDigests(folder)).toEqual(resultDigests(whole));
    expect(results(folder)).toEqual(results(whole));
  }
  expect(killed).toBe(wanted);
  // Most of the attempts lived long enough to say something.
  expect(heard).toBeGreaterThan(wanted / 2);
});
