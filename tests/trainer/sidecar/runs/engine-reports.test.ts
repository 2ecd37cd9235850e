import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineReport } from '#core/engines/report.ts';
import type { Probe } from '#trainer/engine-choice/probe.ts';
import { smallRun } from '#tests/support/run-folder.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';

const auto = [...smallRun, 'train.engine=auto', 'train.epochs=1'];
const absence = (name: string) => (name === 'wasm' ? undefined : `The ${name} engine is not here.`);

/** A probe that measures nothing and answers these figures; it keeps what it was asked. */
function fakeProbe(): { readonly asked: string[]; readonly probe: Probe } {
  const asked: string[] = [];
  return {
    asked,
    probe: async (name, { models = [] } = {}) => {
      asked.push([name, ...models].join(' '));
      const measured = { gflops: 12.3, samplesPerSecond: 4000 };
      const speeds = Object.fromEntries(models.map((model) => [model, { samplesPerSecond: 7100 }]));
      return { name, available: true, device: 'test', version: '0', measured, models: speeds };
    },
  };
}

async function whyOf(sidecar: TestSidecar): Promise<string | undefined> {
  const { body } = await sidecar.post<{ id: string }>('/runs', { overrides: auto });
  await sidecar.until(body.id, ({ status }) => status === 'completed');
  const { body: logs } = await sidecar.json<{ lines: { message: string }[] }>(`/runs/${body.id}/logs`);
  return logs.lines.map(({ message }) => message).find((message) => message.startsWith('auto took'));
}

test('a trainer chooses by what the sidecar has measured, says the measure, and a second start asks nothing again', async () => {
  const home = temporaryHome();
  const { asked, probe } = fakeProbe();
  const engines = { probe, absence, gpus: async () => [] };
  const sidecar = await startTestSidecar('real', home, {}, { engines });
  // Alone, wasm is not measured before a run: that would only make it wait.
  expect(await whyOf(sidecar)).toBe(
    'auto took wasm, the one that every machine has; native is not available; webgpu is not available.',
  );
  expect(asked).toEqual([]);
  const ask = async () => (await sidecar.json<EngineReport[]>('/engines?model=mlp')).body;
  // Not before its trainer has gone: a measurement beside it would be wrong.
  await expect.poll(async () => Object.keys((await ask())[0].models ?? {})).toEqual(['mlp']);
  const body = await ask();
  expect(body[0]).toEqual({
    name: 'wasm',
    available: true,
    device: 'test',
    version: '0',
    devices: [{ id: 'cpu', name: 'test' }],
    measured: { gflops: 12.3, samplesPerSecond: 4000 },
    models: { mlp: { samplesPerSecond: 7100 } },
  });
  expect(await whyOf(sidecar)).toMatch(
    /^auto took wasm, the one that works here \(7.1k samples\/s with mlp\); native is not/,
  );
  await sidecar.close();

  const again = await startTestSidecar('real', home, {}, { engines });
  const { body: remembered } = await again.json<EngineReport[]>('/engines?model=mlp');
  expect(remembered).toEqual(body);
  expect(asked).toHaveLength(1 + asked.indexOf(asked.find((job) => job.includes('mlp')) ?? ''));
  const before = [...asked];
  expect(before.filter((job) => job.includes('mlp'))).toHaveLength(1);
  expect(JSON.parse(readFileSync(join(home, 'runs', 'engines.json'), 'utf8'))).toMatchObject({
    format: 1,
    engines: [{ name: 'wasm' }],
  });
  // Neither a run nor a file of one.
  expect(
    (await again.json<{ indexed: string[]; failed: string[] }>('/system/reindex', { method: 'POST' })).body.failed,
  ).toEqual([]);
  await again.json('/engines?fresh');
  expect(asked).toEqual([...before, 'wasm mlp']);
});

test('GET /engines names the architectures there are', async () => {
  const sidecar = await startTestSidecar('quick');
  const { status, body } = await sidecar.json<{ error: { message: string } }>('/engines?model=perceptron');
  expect(status).toBe(400);
  expect(body.error.message).toContain('mlp');
});

test('an engine that is known not to train the model is refused, with the command, before a run is made', async () => {
  const probe: Probe = async (name, { models = [] } = {}) => {
    if (name === 'webgpu')
      return { name, available: false, device: '', version: '', reason: 'The driver has no Vulkan.' };
    const failed = Object.fromEntries(
      models.map((model) => [model, { reason: 'its loss of step 1 is 3, expected 2' }]),
    );
    return { name, available: true, device: 'test', version: '0', ...(name === 'native' ? { models: failed } : {}) };
  };
  const engines = {
    probe,
    absence: () => undefined,
    gpus: async () => [],
    mayHaveDevice: (name: string) => name !== 'webgpu',
  };
  const sidecar = await startTestSidecar('quick', undefined, {}, { engines });
  const refused = async (engine: string) => {
    const answer = await sidecar.post<{ error: { code: string; message: string; issues: { path: string }[] } }>(
      '/runs',
      {
        overrides: [`train.engine=${engine}`],
      },
    );
    expect([answer.status, answer.body.error?.code, answer.body.error?.issues[0]?.path]).toEqual([
      422,
      'engine_unavailable',
      'train.engine',
    ]);
    return answer.body.error.message;
  };
  // It was not tested yet: the request waits for that rather than make a run that can only fail.
  expect(await refused('webgpu')).toMatch(/^The driver has no Vulkan\. To install it: .*driver/);
  await sidecar.json('/engines?model=mlp');
  expect(await refused('native')).toContain('did not pass its test of mlp here: its loss of step 1 is 3, expected 2');
  expect((await sidecar.json<{ runs: unknown[] }>('/runs')).body.runs).toEqual([]);
  expect((await sidecar.post('/runs', { overrides: ['train.engine=native', 'model.architecture=tcn'] })).status).toBe(
    201,
  );
});
