import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Probe } from '#trainer/engine-choice/probe.ts';
import { findTrainer } from '#trainer/run-folder/find-trainer.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';

const probe: Probe = async (name) => ({
  name,
  available: name !== 'webgpu',
  device: name === 'native' ? 'NVIDIA H200' : 'WASM',
  version: '1',
  measured: { gflops: 1, samplesPerSecond: name === 'native' ? 9000 : 10 },
});
const gpus = async () => [0, 1].map((index) => ({ index, name: 'NVIDIA H200', uuid: `GPU-${index}` }));
const engines = { probe, gpus, absence: () => undefined, mayHaveDevice: (name: string) => name !== 'webgpu' };

async function create(sidecar: TestSidecar, engine: string): Promise<string> {
  const { status, body } = await sidecar.post<{ id: string }>('/runs', { overrides: [`train.engine=${engine}`] });
  expect(status).toBe(201);
  return body.id;
}

/** The settings that the run's trainer was started with. */
function settingsOf(sidecar: TestSidecar, id: string): ReadonlyMap<string, string> {
  const trainer = findTrainer(join(sidecar.runs, id), 1);
  const text = readFileSync(`/proc/${trainer?.pid}/environ`, 'utf8');
  return new Map(text.split('\0').map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]));
}

test.skipIf(process.platform !== 'linux')(
  'runs go to a free GPU each, pinned to it; one for the processor runs beside them; a restart knows who is where',
  async () => {
    const home = temporaryHome();
    const sidecar = await startTestSidecar('steady', home, {}, { engines });
    const first = await create(sidecar, 'auto');
    const second = await create(sidecar, 'native');
    const third = await create(sidecar, 'native');
    const onCpu = await create(sidecar, 'wasm');
    for (const id of [first, second, onCpu]) await sidecar.until(id, ({ status }) => status === 'running');
    expect((await sidecar.json<{ status: string }>(`/runs/${third}`)).body.status).toBe('queued');
    const [one, two, cpu] = [first, second, onCpu].map((id) => settingsOf(sidecar, id));
    expect([one.get('CUDA_VISIBLE_DEVICES'), two.get('CUDA_VISIBLE_DEVICES')]).toEqual(['0', '1']);
    expect(two.get('CUDA_DEVICE_ORDER')).toBe('PCI_BUS_ID');
    expect(cpu.has('CUDA_DEVICE_ORDER')).toBe(false);
    expect(JSON.parse(one.get('ALMANAC_ENGINE_REPORTS') ?? '')).toHaveLength(3);

    await sidecar.close();
    const again = await startTestSidecar('steady', home, {}, { engines });
    expect([...again.workspace.supervisor.active()].sort()).toEqual([first, second, onCpu].sort());
    // The GPU that becomes free is that of the second run, and no other.
    await again.post(`/runs/${second}/cancel`);
    await again.until(third, ({ status }) => status === 'running');
    expect(settingsOf(again, third).get('CUDA_VISIBLE_DEVICES')).toBe('1');
  },
  300_000,
);

test.skipIf(process.platform !== 'linux')(
  'as many runs as ALMANAC_CONCURRENCY says share the GPUs evenly',
  async () => {
    const sidecar = await startTestSidecar('steady', undefined, { ALMANAC_CONCURRENCY: '3' }, { engines });
    const ids: string[] = [];
    for (let run = 0; run < 4; run++) ids.push(await create(sidecar, 'native'));
    for (const id of ids.slice(0, 3)) await sidecar.until(id, ({ status }) => status === 'running');
    expect((await sidecar.json<{ status: string }>(`/runs/${ids[3]}`)).body.status).toBe('queued');
    const pins = ids.slice(0, 3).map((id) => settingsOf(sidecar, id).get('CUDA_VISIBLE_DEVICES'));
    expect(pins).toEqual(['0', '1', '0']);
    // Lest it begins when the others are ended.
    await sidecar.post(`/runs/${ids[3]}/cancel`);
  },
);
