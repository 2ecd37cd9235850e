import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';
import { emptyRunView, reduceRun } from '#core/run/reduce.ts';
import { almanac, runProgram } from '#tests/support/almanac.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';
import { formatSeconds, progressLine } from '#trainer/cli/progress.ts';

const sidecarProgram = fileURLToPath(new URL('../../../trainer/sidecar/main.ts', import.meta.url));

test('a notebook is trained without a sidecar, listed, shown, and found again after a reindex', async () => {
  const home = temporaryHome();
  const cell = '```yaml data\nsource: sample://market?seed=3&bars=3000&step=1h\n```\n';
  writeFileSync(join(home, 'notebooks', 'small.md'), `---\ntitle: Small\n---\n${cell}`);
  const trained = await almanac(home, 'run', 'small', 'train.epochs=1', 'model.lookback=16', '--json');
  expect([trained.code, trained.notes]).toEqual([0, '']);
  const run = JSON.parse(trained.out) as RunDetail;
  expect(run).toMatchObject({ name: 'Small', notebook: 'small', status: 'completed', number: 1 });
  const listed = JSON.parse((await almanac(home, 'ls', '--json')).out) as RunSummary[];
  expect(listed.map(({ id, status }) => [id, status])).toEqual([[run.id, 'completed']]);
  expect(await almanac(home, 'reindex')).toMatchObject({ code: 0, out: 'indexed 1 run, 0 could not be read\n' });
  const shown = JSON.parse((await almanac(home, 'show', 'R1')).out) as RunDetail;
  expect(shown.metrics).toEqual(run.metrics);
  const failed = await almanac(home, 'run', 'small', 'data.source=sample://market?seed=1&bars=200&step=1h');
  expect(failed.code).toBe(1);
  expect(failed.notes).toContain('failed: ');
});

test('with a sidecar at work the commands use it', async () => {
  const sidecar = await startTestSidecar('steady');
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === 'running');
  const listed = JSON.parse((await almanac(sidecar.home, 'ls', '--json')).out) as RunSummary[];
  expect(listed.map(({ status }) => status)).toEqual(['running']);
  expect(await almanac(sidecar.home, 'cancel', 'R1')).toMatchObject({ code: 0, out: `${id} cancelled\n` });
  expect(await almanac(sidecar.home, 'cancel', id)).toMatchObject({
    code: 1,
    notes: expect.stringContaining('it can only be resumed'),
  });
});

test('what is wrong is said in a sentence with an exit code other than 0', async () => {
  const home = temporaryHome();
  const answers = await Promise.all([
    almanac(home, 'nonsense'),
    almanac(home, 'show', 'R7'),
    almanac(home, 'run', 'small', '--loud'),
  ]);
  expect(answers.map(({ code }) => code)).toEqual([2, 1, 2]);
  expect(answers[1].notes).toBe('almanac: There is no run R7; almanac ls lists those there are.\n');
  for (const { notes } of answers) expect(notes).not.toContain('    at ');
});

test('a port in use ends the sidecar with one sentence that names the setting', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const ended = await runProgram(sidecarProgram, [], { ALMANAC_HOME: temporaryHome(), TRAINER_PORT: String(port) });
  server.close();
  expect(ended.code).toBe(69);
  expect(ended.notes).toMatch(new RegExp(`^almanac: Port ${port} is in use.*TRAINER_PORT=${port + 100}\\n$`));
});

test('progress is a line for a person', () => {
  const at = '2024-01-01T00:00:00.000Z';
  const progress = { epoch: 3, epochs: 30, step: 50, steps: 200, samplesPerSecond: 11_400, etaSeconds: 75 } as const;
  const view = reduceRun(emptyRunView(), { seq: 1, at, attempt: 1, type: 'progress', ...progress });
  const running = { ...view, status: 'running' as const, metrics: { latest: { 'val.loss': 0.41237 }, best: {} } };
  expect(progressLine(running)).toBe(
    `epoch 3/30  ${'█'.repeat(6)}${'░'.repeat(18)} 25 %  11,400/s  1:15 left  val.loss 0.4124`,
  );
  expect([formatSeconds(9.4), formatSeconds(3725), formatSeconds(Infinity)]).toEqual(['0:09', '1:02:05', '?']);
});
