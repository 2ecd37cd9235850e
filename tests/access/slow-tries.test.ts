import { expect, test } from 'vitest';
import { SlowTries } from '#access/slow-tries.ts';

/** Tries on a clock of their own: sleeping moves it to the earliest sleeper, so nothing waits in truth. */
function onClock() {
  let now = 0;
  const sleepers: { readonly at: number; wake(): void }[] = [];
  const tries = new SlowTries({
    now: () => now,
    sleep: (ms) => new Promise<void>((wake) => void sleepers.push({ at: now + ms, wake })),
  });
  return {
    tries,
    wait: (ms: number) => (now += ms),
    async pass() {
      sleepers.sort((a, b) => a.at - b.at);
      const next = sleepers.shift();
      if (next === undefined) return false;
      now = next.at;
      next.wake();
      await new Promise((done) => setImmediate(done));
      return true;
    },
    now: () => now,
  };
}

const wrong = () => undefined;
const right = () => 'in' as const;

test('ten wrong tries are free, then one every two seconds, and after a while ten again', async () => {
  const { tries, pass, now, wait } = onClock();
  for (let i = 0; i < 10; i++) expect(await tries.look('10.0.0.1', wrong)).toBeUndefined();
  expect(now()).toBe(0);
  for (const at of [2000, 4000, 6000]) {
    const slow = tries.look('10.0.0.1', wrong);
    await pass();
    expect([await slow, now()]).toEqual([undefined, at]);
  }
  wait(3_600_000);
  const before = now();
  for (let i = 0; i < 10; i++) await tries.look('10.0.0.1', wrong);
  expect(now()).toBe(before);
});

test('of a hundred at once a few are looked at, each in its turn, and the rest turned away unseen', async () => {
  const { tries, pass } = onClock();
  for (let i = 0; i < 10; i++) await tries.look('10.0.0.1', wrong);
  let looks = 0;
  const all = Array.from({ length: 100 }, () =>
    tries.look('10.0.0.1', () => {
      looks++;
      return undefined;
    }),
  );
  while (await pass());
  const answers = await Promise.all(all);
  expect([looks, answers.filter((answer) => answer === 'wait').length]).toEqual([4, 96]);
});

test('the right token is never slow from elsewhere, and from there it is let in when its turn comes', async () => {
  const { tries, pass, now } = onClock();
  for (let i = 0; i < 10; i++) await tries.look('10.0.0.1', wrong);
  expect([await tries.look('10.0.0.2', right), now()]).toEqual(['in', 0]);
  const slow = tries.look('10.0.0.1', right);
  await pass();
  expect([await slow, now()]).toEqual(['in', 2000]);
});

test('right tokens cost nothing and forgive nothing', async () => {
  const { tries, now } = onClock();
  for (let i = 0; i < 1000; i++) expect(await tries.look('10.0.0.1', right)).toBe('in');
  for (let i = 0; i < 9; i++) await tries.look('10.0.0.1', wrong);
  for (let i = 0; i < 1000; i++) expect(await tries.look('10.0.0.1', right)).toBe('in');
  await tries.look('10.0.0.1', wrong);
  expect(now()).toBe(0);
  void tries.look('10.0.0.1', right);
  expect(now()).toBe(0);
});

test('all addresses of one IPv6 network are one, an IPv4 address is itself in either form', async () => {
  for (const [tried, same, others] of [
    ['2001:db8:1:2::7', '2001:db8:1:2:3:4:5:6', ['2001:db8:1:3::7', '2001:db8::7', '::1']],
    ['2001:db8::7', '2001:db8:0:0:9::', ['2001:db8:0:1::7', '2001:db9::7']],
    ['::ffff:10.0.0.1', '10.0.0.1', ['10.0.0.2', '::ffff:10.0.0.2', '::1']],
  ] as const) {
    const { tries, pass, now } = onClock();
    for (let i = 0; i < 10; i++) await tries.look(tried, wrong);
    for (const other of others) await tries.look(other, right);
    expect(now()).toBe(0);
    const slow = tries.look(same, right);
    await pass();
    expect([await slow, now()], same).toEqual(['in', 2000]);
  }
});

test('ten thousand addresses are remembered, the one that was longest without a wrong try is forgotten first', async () => {
  const { tries, pass, now } = onClock();
  for (let i = 0; i < 10; i++) await tries.look('10.0.0.1', wrong);
  for (let i = 0; i < 9999; i++) await tries.look(`10.1.${i >> 8}.${i & 255}`, wrong);
  const slow = tries.look('10.0.0.1', right);
  await pass();
  expect([await slow, now()]).toEqual(['in', 2000]);
  for (let i = 0; i < 10_000; i++) await tries.look(`10.2.${i >> 8}.${i & 255}`, wrong);
  expect([await tries.look('10.0.0.1', right), now()]).toEqual(['in', 2000]);
});
