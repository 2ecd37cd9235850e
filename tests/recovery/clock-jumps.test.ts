import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EventBody } from '#core/run/event.ts';
import { emptyRunView, reduceRun, type RunView } from '#core/run/reduce.ts';
import { appendMetric, emptySeries, metricColumn } from '#core/run/series.ts';
import { formatDuration } from '#lib/ui/format.ts';
import { summaryLines } from '#trainer/cli/summary-lines.ts';
import { openEventLog } from '#trainer/run-folder/event-log.ts';
import { followRun } from '#trainer/sidecar/runs/feed.ts';
import { warnSparingly } from '#trainer/sidecar/runs/sparing-warning.ts';
import { eventsOf, readEvents } from '#tests/support/run-folder.ts';
import { runSummary } from '#tests/support/run-summary.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { createTestRun, runId } from '#tests/support/test-run.ts';

const hour = 3_600_000;
const began = Date.UTC(2026, 10, 30, 9);
const told: readonly EventBody[] = [
  { type: 'status', state: 'running', engine: 'wasm', device: 'WASM' },
  { type: 'metric', step: 1, epoch: 1, values: { 'val.loss': 0.5 } },
  { type: 'progress', epoch: 1, epochs: 2, step: 1, steps: 2, samplesPerSecond: 3, etaSeconds: 4 },
  { type: 'metric', step: 2, epoch: 2, values: { 'val.loss': 0.4 } },
  { type: 'status', state: 'completed' },
];

describe.each([
  ['steady', [0, 1, 2, 3, 4]],
  ['an hour back', [0, 1, -hour, 3 - hour, 4 - hour]],
  ['a day on', [0, 1, 24 * hour, 24 * hour + 1, 24 * hour + 2]],
  ['that stands still', [0, 0, 0, 0, 0]],
  ['to and fro', [0, 24 * hour, -hour, 24 * hour, 1]],
])('with a wall clock %s', (_, offsets) => {
  it('a run is told in the order of seq, and what it comes to has nothing of the clock but its times', () => {
    const folder = temporaryFolder();
    let at = 0;
    const log = openEventLog(join(folder, 'events.jsonl'), 1, { now: () => new Date(began + offsets[at++]) });
    for (const body of told) log.append(body);
    log.close();
    const events = readEvents(folder);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    const view = events.reduce(reduceRun, emptyRunView());
    const timeless: Partial<RunView> = { ...view, startedAt: null, finishedAt: null };
    expect(timeless).toMatchObject({
      status: 'completed',
      lastSeq: 5,
      metrics: { latest: { 'val.loss': 0.4 } },
      progress: { etaSeconds: 4, samplesPerSecond: 3 },
    });
    const series = emptySeries();
    for (const event of eventsOf(events, 'metric')) appendMetric(series, event);
    expect([...metricColumn(series, 'val.loss').value]).toEqual([0.5, 0.4]);

    // How long it took is a time or is not told; it is never less than none.
    const { startedAt, finishedAt } = view;
    const run = { ...runSummary({ startedAt, finishedAt }), overrides: [] };
    const took = summaryLines(run).find((line) => line.includes('  took '));
    expect(took).toMatch(/ (?:\d+:\d\d(?::\d\d)?|\?)$/);
    expect(formatDuration(Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? ''))).toMatch(/^(?:\d.*|–)$/);
  });
});

it.each([
  ['an hour back', -hour],
  ['a day on', 24 * hour],
])('a wall clock that jumps %s leaves the heartbeat of a stream alone', async (_, jump) => {
  const { db, hub } = await createTestRun();
  vi.useFakeTimers({ toFake: ['Date'], now: began });
  onTestFinished(() => void vi.useRealTimers());
  const left = new AbortController();
  const stream = followRun({ db, hub, runId, since: 0, signal: left.signal, heartbeat: 30 });
  const next = stream.next();
  await sleep(1);
  vi.setSystemTime(began + jump);
  expect((await next).value).toEqual([]);
  left.abort();
  await stream.next();
});

it('a wall clock that jumps back does not silence warnings, nor does one that stands still', () => {
  const heard: string[] = [];
  let monotonic = 0;
  const warn = warnSparingly(
    (message) => void heard.push(message),
    5000,
    () => monotonic,
  );
  for (const at of [1, 4000, 5001, 6000, 12_000]) {
    monotonic = at;
    warn('full', null);
  }
  expect(heard).toHaveLength(3);
});
