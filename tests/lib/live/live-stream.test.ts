import { expect, it } from 'vitest';
import { LiveStream } from '#lib/live/live-stream.ts';
import { Ear, FakeServer, line } from './fake-server.ts';

it('carries all runs and the list over one connection, each run from the least seq that somebody has', () => {
  const server = new FakeServer();
  const live = new LiveStream(server);
  const [first, second, other, list] = [new Ear(), new Ear(), new Ear(), new Ear()];
  live.followRun('a', 7, first);
  live.followRun('a', 3, second);
  live.followRun('b', 0, other);
  live.followList(list);
  server.pass(100);
  expect(server.connections.map(({ url }) => url)).toEqual(['/api/stream?runs=a:3,b:0&list=true']);
  server.last.open();
  server.tell('a', 4, 5, 6, 7, 8);
  server.tell('b', 1);
  server.last.send('list', { changed: ['a'] });
  expect([first.seqs, second.seqs, other.seqs, list.lists]).toEqual([[8], [4, 5, 6, 7, 8], [1], [['a']]]);
  expect(first.arrived).toEqual([{ after: 7, seq: 8, event: line(8) }]);
  expect([first, second, other, list].map(({ heard }) => heard)).toEqual(Array(4).fill(['opened']));
});

it('opens anew for who comes with less than has come, and not for who has as much', () => {
  const server = new FakeServer();
  const live = new LiveStream(server);
  const [early, late, as] = [new Ear(), new Ear(), new Ear()];
  live.followRun('a', 0, early);
  server.pass(100);
  server.last.open();
  server.tell('a', 1, 2, 3);
  live.followRun('a', 3, as);
  server.pass(100);
  expect([server.connections.length, as.heard]).toEqual([1, ['opened']]);
  live.followRun('a', 1, late);
  server.pass(100);
  expect(server.open.map(({ url }) => url)).toEqual(['/api/stream?runs=a:1']);
  server.last.open();
  server.tell('a', 2, 3, 4);
  expect([early.seqs, as.seqs, late.seqs]).toEqual([[1, 2, 3, 4], [4], [2, 3, 4]]);
});

it('lets go of a run that nobody follows, and of the connection when nobody follows anything', () => {
  const server = new FakeServer();
  const live = new LiveStream(server);
  const [one, two] = [live.followRun('a', 0, new Ear()), live.followRun('b', 5, new Ear())];
  server.pass(100);
  one.close();
  server.pass(100);
  expect(server.open.map(({ url }) => url)).toEqual(['/api/stream?runs=b:5']);
  two.close();
  server.pass(100);
  expect(server.open).toEqual([]);
  server.pass(120_000);
  expect(server.connections).toHaveLength(2);
});

it('tries again after a break, ever more rarely, from the last event of each run', () => {
  const server = new FakeServer();
  const live = new LiveStream(server);
  const [ear, other] = [new Ear(), new Ear()];
  const subscription = live.followRun('a', 0, ear);
  server.pass(100);
  server.last.open();
  server.tell('a', 1, 2);
  const times: number[] = [];
  for (let failure = 1; failure <= 9; failure++) {
    const [before, count] = [server.now, server.connections.length];
    server.last.fail();
    expect(ear.heard.at(-1)).toBe(`broken ${failure}`);
    while (server.connections.length === count) server.pass(100);
    times.push(server.now - before);
  }
  expect(times).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000]);
  expect(server.last.url).toBe('/api/stream?runs=a:2');
  // Who comes meanwhile is told, and hurries nobody; who knows that the server is back does.
  server.last.fail();
  const count = server.connections.length;
  live.followRun('b', 0, other);
  server.pass(1000);
  expect([other.heard, server.connections.length]).toEqual([['broken 10'], count]);
  subscription.retry();
  subscription.retry();
  expect(server.last.url).toBe('/api/stream?runs=a:2,b:0');
  expect(server.connections.length).toBe(count + 1);
  server.last.open();
  expect([ear.heard.at(-1), other.heard.at(-1), server.open.length]).toEqual(['opened', 'opened', 1]);
});

it('passes on what is not there: a gap with the seq before it, a kind that is not known as none, a run that is gone', () => {
  const server = new FakeServer();
  const live = new LiveStream(server);
  const [ear, gone] = [new Ear(), new Ear()];
  live.followRun('a', 2, ear);
  live.followRun('b', 0, gone);
  server.pass(100);
  server.last.open();
  server.last.send('gone', { run: 'b' });
  server.last.send('event', { run: 'a', after: 2, event: line(6) });
  server.last.send('event', { run: 'a', after: 6, event: { seq: 7, at: '', attempt: 1, type: 'weather' } });
  server.pass(100);
  expect(ear.arrived).toEqual([
    { after: 2, seq: 6, event: line(6) },
    { after: 6, seq: 7, event: null },
  ]);
  expect(gone.heard).toEqual(['opened', 'gone']);
});

it('follows a hundred runs, and says of more that there is no stream for them', () => {
  const server = new FakeServer();
  const live = new LiveStream(server);
  const ears = Array.from({ length: 102 }, (_, at) => {
    const ear = new Ear();
    live.followRun(`r${at}`, 0, ear);
    return ear;
  });
  server.pass(100);
  expect(server.last.url.split(',')).toHaveLength(100);
  server.last.open();
  expect(ears.flatMap(({ heard }, at) => (heard.includes('broken Infinity') ? [at] : []))).toEqual([100, 101]);
});

it('begins with the first event again where the log of a run is another one now', () => {
  const server = new FakeServer();
  const live = new LiveStream(server);
  const [follower, other] = [new Ear(), new Ear()];
  live.followRun('a', 0, follower);
  live.followRun('b', 0, other);
  server.pass(100);
  server.last.open();
  server.tell('a', 1, 2, 3);
  server.last.send('restart', { run: 'a' });
  server.tell('a', 1, 2);
  expect([follower.seqs, follower.heard]).toEqual([
    [1, 2, 3, 1, 2],
    ['opened', 'restarted'],
  ]);
  expect(other.heard).toEqual(['opened']);
});
