import { expose, proxy, type Remote, wrap } from 'comlink';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Follows } from '#lib/live/follows.ts';
import { LiveStream } from '#lib/live/live-stream.ts';
import { LiveTab } from '#lib/live/live-tab.ts';
import { Ear, FakeServer } from './fake-server.ts';

/** A tab and its worker over a real port; `wake` ends the longest of the worker's waits. */
function connect(server: FakeServer): { tab: Remote<LiveTab>; wake: (ms: number) => void } {
  const waits: { ms: number; done: () => void }[] = [];
  const wait = (ms: number) => new Promise<void>((done) => waits.push({ ms, done }));
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => {
    port1.close();
    port2.close();
  });
  expose(new LiveTab(new LiveStream(server), wait), port1);
  const wake = (ms: number) => {
    const at = waits.findIndex((one) => one.ms === ms);
    waits.splice(at, 1)[0]?.done();
  };
  return { tab: wrap<LiveTab>(port2), wake };
}

it('a tab that leaves follows nothing, and one that comes back goes on where it was', async () => {
  const server = new FakeServer();
  const { tab } = connect(server);
  await tab.enter(proxy({ isThere: () => true as const }));
  const ear = new Ear();
  const subscription = await tab.followRun('a', 0, proxy(ear));
  server.pass(100);
  server.last.open();
  server.tell('a', 1, 2);
  await vi.waitFor(() => expect(ear.seqs).toEqual([1, 2]));
  await tab.leave();
  server.pass(100);
  expect(server.open).toEqual([]);
  await tab.comeBack();
  server.pass(100);
  expect(server.open.map(({ url }) => url)).toEqual(['/api/stream?runs=a:2']);
  await subscription.close();
  server.pass(100);
  expect(server.open).toEqual([]);
});

it('a tab that does not answer is let go of, and taken up again when it does', async () => {
  const server = new FakeServer();
  const { tab, wake } = connect(server);
  const answers: ((there: true) => void)[] = [];
  const asleep = { isThere: () => new Promise<true>((there) => answers.push(there)) as unknown as true };
  await tab.enter(proxy(asleep));
  await tab.followRun('a', 4, proxy(new Ear()));
  server.pass(100);
  expect(server.open).toHaveLength(1);
  wake(30_000);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  wake(60_000);
  await vi.waitFor(() => {
    server.pass(100);
    expect(server.open).toHaveLength(0);
  });
  answers[0]?.(true);
  await vi.waitFor(() => {
    server.pass(100);
    expect(server.open.map(({ url }) => url)).toEqual(['/api/stream?runs=a:4']);
  });
});

it('what a source sends that was left comes too late, and the next one goes on behind what was heard', () => {
  const [one, two] = [new FakeServer(), new FakeServer()];
  const follows = new Follows();
  const ear = new Ear();
  follows.followRun('a', 0, ear);
  follows.attach(new LiveStream(one));
  one.pass(100);
  one.last.open();
  one.tell('a', 1);
  const left = one.last;
  follows.attach(new LiveStream(two));
  two.pass(100);
  left.send('event', { run: 'a', after: 1, event: { seq: 2 } });
  left.fail();
  one.pass(60_000);
  expect(two.last.url).toBe('/api/stream?runs=a:1');
  two.last.open();
  two.tell('a', 2);
  expect(ear.seqs).toEqual([1, 2]);
  expect(ear.heard).toEqual(['opened', 'opened']);
});
