import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunState } from '#core/run/state.ts';
import { livingTrainers, missedEnd } from '#tests/support/living-trainers.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { until } from '#tests/support/until.ts';

const at = '2026-01-01T00:00:00.000Z';
const status = (attempt: number, state: RunState) => ({ attempt, type: 'status', state });
const step = { attempt: 1, type: 'metric', step: 9, epoch: 1, values: {} };

function logOf(events: readonly object[], torn = ''): string {
  const folder = temporaryFolder();
  const lines = events.map((event, index) => `${JSON.stringify({ seq: index + 1, at, ...event })}\n`);
  writeFileSync(join(folder, 'events.jsonl'), lines.join('') + torn);
  return folder;
}

test('a trainer that is gone came to its end only where the last word of the log is its own, and says so', () => {
  const begun = [status(1, 'queued'), status(1, 'starting'), status(1, 'running'), step];
  expect(missedEnd(logOf([...begun, status(1, 'completed')]), { attempt: 1 })).toBe(null);

  // It died: with nothing said, in the middle of a line, with the sidecar's word for it, or without having begun.
  expect(missedEnd(logOf(begun), { attempt: 1 })).toContain('"metric"');
  expect(missedEnd(logOf(begun, '{"seq":5,"type":"status","state":"completed"'), { attempt: 1 })).toContain('"metric"');
  expect(missedEnd(logOf([...begun, status(1, 'interrupted')]), { attempt: 1 })).toContain('"interrupted"');
  expect(missedEnd(logOf([...begun, status(1, 'failed')]), { attempt: 1 })).toContain('"failed"');
  expect(missedEnd(logOf([]), { attempt: 1 })).toBe('an empty log');

  // Another one has completed the run in its place.
  const again = [...begun, status(2, 'queued'), status(2, 'running'), status(2, 'completed')];
  expect(missedEnd(logOf(again), { attempt: 1 })).toContain('"completed"');
  expect(missedEnd(logOf(again), { attempt: 2 })).toBe(null);
});

// Process tables are read from /proc here.
test.skipIf(process.platform !== 'linux')(
  'a living trainer is found with its attempt, and not once it has died',
  async () => {
    const run = join(temporaryFolder(), 'run');
    mkdirSync(run);
    const words = ['-e', 'setInterval(() => {}, 1000)', '--', '--run', run, '--attempt', '3'];
    const child = spawn(process.execPath, words, { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await until(
      () => livingTrainers(run).length > 0,
      () => 'the process is not found',
    );
    expect(livingTrainers(run)).toEqual([{ pid: child.pid, attempt: 3 }]);
    expect(livingTrainers(`${run}2`)).toEqual([]);
    child.kill('SIGKILL');
    await until(
      () => livingTrainers(run).length === 0,
      () => 'the process is still found',
    );
  },
);
