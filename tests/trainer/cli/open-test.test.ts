import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import type { OpenedTest, RunDetail } from '#core/run/summary.ts';
import { commandLine } from '#tests/support/command-line.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

const secret = '0.98765';

test('run, show and ls tell nothing of a sealed test, and open-test tells it once and for good', async () => {
  const sidecar = await startTestSidecar('scored');
  const almanac = (...words: readonly string[]) => commandLine({ ALMANAC_HOME: sidecar.home }, words);
  const first = (await sidecar.post<{ id: string }>('/runs', {})).body.id;
  await sidecar.until(first, ({ status }) => status === 'completed');
  const again = await almanac('fork', 'R1', 'train.seed=2');
  expect(again.code).toBe(0);
  expect(again.out).toMatch(
    /^result of the best checkpoint on validation\n {2}VALIDATION .*\n {2}DA +0\.51000 +share\b/,
  );
  expect(again.out).toMatch(/\ntest sealed: almanac open-test R2\n$/);
  const before = [again, await almanac('show', 'R1'), await almanac('ls'), await almanac('ls', '--json')];
  expect(before.filter(({ out, notes }) => `${out}${notes}`.includes(secret))).toEqual([]);

  const user = userInfo().username;
  const opened = await almanac('open-test', 'R1');
  expect(opened.code).toBe(0);
  expect(opened.out).toMatch(
    new RegExp(`^result of the best checkpoint on test\\n {2}TEST .*\\n {2}DA +${secret} +share\\b`),
  );
  expect(opened.notes).toContain('6,803 rows, 17 Apr to 19 Oct 2022. These rows were opened once: R1, by ');
  expect((await almanac('open-test', '1')).out).toBe(opened.out);
  const shown = JSON.parse((await almanac('open-test', first, '--json')).out) as OpenedTest;
  expect([shown.test.openedBy, shown.result.metrics]).toEqual([user, { da: 0.987654 }]);

  await almanac('fork', 'R1', 'train.seed=3');
  const late = await commandLine({ ALMANAC_HOME: sidecar.home }, ['show', 'R3'], 120);
  expect(late.out).toMatch(/ test +sealed; chosen after the test was seen\n/);
  expect(late.out).toMatch(/\ntest sealed: almanac open-test R3\n$/);
  const look = await commandLine({ ALMANAC_HOME: sidecar.home }, ['show', 'R1'], 120);
  expect(look.out).toMatch(new RegExp(` test +opened \\d+ \\w+ \\d{4} by ${user}\n`));
  expect(look.out).toContain(secret);

  // Without a sidecar the index tells the same.
  await sidecar.close();
  const alone = JSON.parse((await almanac('show', 'R2')).out) as RunDetail;
  expect([alone.test.state, Object.keys(alone.metrics.best)]).toEqual(['sealed', ['val.loss', 'val.da']]);
});

test('what is not scored yet is refused with the reason', async () => {
  const sidecar = await startTestSidecar('steady');
  const almanac = (...words: readonly string[]) => commandLine({ ALMANAC_HOME: sidecar.home }, words);
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === 'running');
  const early = await almanac('open-test', 'R1');
  expect([early.code, early.out]).toEqual([1, '']);
  expect(early.notes).toContain('R1 has no test results to open: the test is scored when a run ends.');
});
