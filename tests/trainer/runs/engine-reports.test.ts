import { expect, test } from 'vitest';
import type { EngineReport } from '#trainer/ml/engine/engine.ts';
import { smallRun } from '#tests/support/run-folder.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

const auto = [...smallRun, 'train.engine=auto', 'train.epochs=1'];

test('a trainer chooses by what the sidecar has measured, and says the measure', async () => {
  const measured = { gflops: 12.3, samplesPerSecond: 4000 };
  const reports: EngineReport[] = [
    { name: 'wasm', available: true, device: 'test', version: '0', measured },
    { name: 'native', available: false, device: '', version: '', reason: 'not here' },
  ];
  let probes = 0;
  const probe = async () => {
    probes++;
    return reports;
  };
  const sidecar = await startTestSidecar('real', undefined, {}, { probe });
  const why = async () => {
    const { body } = await sidecar.post<{ id: string }>('/runs', { overrides: auto });
    await sidecar.until(body.id, ({ status }) => status === 'completed');
    const { body: logs } = await sidecar.json<{ lines: { message: string }[] }>(`/runs/${body.id}/logs`);
    return logs.lines.map(({ message }) => message).find((message) => message.startsWith('auto took'));
  };
  // Before anybody asked for the engines there is nothing to hand on; the trainer then decides by itself.
  if (probes === 0) expect(await why()).not.toContain('12.3');
  expect((await sidecar.json('/engines')).body).toEqual(reports);
  expect(await why()).toBe('auto took wasm, the fastest (12.3 GFLOP/s); native is not available.');
  expect(probes).toBe(1);
}, 60_000);
