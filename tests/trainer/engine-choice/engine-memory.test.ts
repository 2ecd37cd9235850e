import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EngineReport } from '#core/engines/report.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { openEngineMemory } from '#trainer/engine-choice/engine-memory.ts';
import { describeSurroundings } from '#trainer/engine-choice/surroundings.ts';

const wasm: EngineReport = {
  name: 'wasm',
  available: true,
  device: 'WASM SIMD',
  version: '4.22.0',
  measured: { gflops: 12, samplesPerSecond: 9000 },
  models: { tcn: { samplesPerSecond: 2000 } },
};

it('remembers what works, in these surroundings and no others', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'engines.json');
  const memory = openEngineMemory(path);
  expect(await memory.load('here')).toEqual([]);
  const failed: EngineReport = {
    ...wasm,
    name: 'webgpu',
    models: { mlp: { samplesPerSecond: 1 }, tcn: { reason: 'lost the device' } },
  };
  await memory.save('here', [
    wasm,
    failed,
    { name: 'native', available: false, device: '', version: '', reason: 'no CUDA' },
  ]);
  const expected = [wasm, { ...failed, models: { mlp: { samplesPerSecond: 1 } } }];
  expect(await openEngineMemory(path).load('here')).toEqual(expected);
  expect(await memory.load('there')).toEqual([]);
  expect(readdirSync(folder)).toEqual(['engines.json']);
});

it('begins anew where the file is none of its own', async () => {
  const path = join(temporaryFolder(), 'engines.json');
  const memory = openEngineMemory(path);
  await memory.save('here', [wasm]);
  const good = readFileSync(path, 'utf8');
  for (const text of ['', '{', good.replace('"format": 1', '"format": 2'), good.replace('2000', '"fast"')]) {
    writeFileSync(path, text);
    expect(await memory.load('here'), text).toEqual([]);
  }
});

it('takes another GPU or another setting for other surroundings', async () => {
  const gpu = { index: 0, name: 'NVIDIA H200', uuid: 'GPU-1' };
  const here = await describeSurroundings([gpu], { PATH: '/bin' });
  expect(await describeSurroundings([gpu], { PATH: '/usr/bin' })).toBe(here);
  expect(await describeSurroundings([{ ...gpu, name: 'NVIDIA L4' }], { PATH: '/bin' })).not.toBe(here);
  expect(await describeSurroundings([gpu], { CUDA_VISIBLE_DEVICES: '1' })).not.toBe(here);
});
