import { describe, expect, it } from 'vitest';
import { EndNotice } from '#lib/run/end-notice.svelte.ts';
import { runSummary } from '#tests/support/run-summary.ts';

function memory(kept: string | null = null) {
  let value = kept;
  return { getItem: () => value, setItem: (_: string, next: string) => void (value = next) };
}

type Notifier = NonNullable<ConstructorParameters<typeof EndNotice>[0]>;

/** A browser that says yes or no, and whose person looks or does not. */
function browser(answer: NotificationPermission, isWatched = false) {
  const shown: string[] = [];
  let permission: NotificationPermission = 'default';
  const notifier: Notifier = {
    get permission() {
      return permission;
    },
    requestPermission: async () => (permission = answer),
    show: (title, { body }) => void shown.push(`${title} | ${body}`),
    isWatched: () => isWatched,
  };
  return { notifier, shown };
}

const running = runSummary({ name: 'BTC', status: 'running' });
const best = { latest: {}, best: { 'val.da': 0.5187, 'val.loss': 0.69 } };
const done = runSummary({ name: 'BTC', status: 'completed', reason: 'all 12 epochs', bestEpoch: 2, metrics: best });

describe('a person who looks elsewhere', () => {
  it('is told once that a run has ended, where they have asked for it', async () => {
    const { notifier, shown } = browser('granted');
    const notice = new EndNotice(notifier, memory());
    expect(await notice.toggle()).toBeNull();
    for (const run of [running, running, done, done]) notice.look(run);
    expect(shown).toEqual(['R12 completed | BTC: all 12 epochs · best epoch 2 · validation DA 0.5187']);
  });

  it('is told of a failure and of a stall, and again after it went on', async () => {
    const { notifier, shown } = browser('granted');
    const notice = new EndNotice(notifier, memory());
    await notice.toggle();
    const stalled = runSummary({ name: 'BTC', status: 'running', stalledSince: '2026-01-01T10:20:30.000Z' });
    const failed = runSummary({ name: 'BTC', status: 'failed', reason: 'loss is NaN' });
    for (const run of [running, stalled, running, failed]) notice.look(run);
    expect(shown).toEqual([
      'R12 has stalled | BTC: its trainer has said nothing since 10:20:30 UTC',
      'R12 failed | BTC: loss is NaN',
    ]);
  });

  it('hears nothing of what was over when the page opened, of what they watch, or unasked', async () => {
    const asked = browser('granted');
    const opened = new EndNotice(asked.notifier, memory());
    await opened.toggle();
    opened.look(done);
    const watched = browser('granted', true);
    const watching = new EndNotice(watched.notifier, memory());
    await watching.toggle();
    const silent = browser('granted');
    const unasked = new EndNotice(silent.notifier, memory());
    for (const notice of [watching, unasked]) [running, done].forEach((run) => notice.look(run));
    expect([asked.shown, watched.shown, silent.shown]).toEqual([[], [], []]);
  });
});

it('keeps the wish for the next run, and none that the browser refuses', async () => {
  const storage = memory();
  const { notifier } = browser('granted');
  await new EndNotice(notifier, storage).toggle();
  const next = new EndNotice(notifier, storage);
  expect(next.isWanted).toBe(true);
  await next.toggle();
  expect(new EndNotice(notifier, storage).isWanted).toBe(false);

  const refusing = new EndNotice(browser('denied').notifier, storage);
  expect(await refusing.toggle()).toContain('does not let this page notify');
  expect(refusing.isWanted).toBe(false);
  const none = new EndNotice(null, storage);
  expect([await none.toggle(), none.isWanted]).toEqual([expect.stringContaining('https'), false]);
});
