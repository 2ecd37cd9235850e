import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { findSwiftShader, useSwiftShader } from '#tests/support/swiftshader.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { probeEngine } from '#trainer/engine-choice/probe.ts';
import { openWebgpu } from '#trainer/engines/webgpu/webgpu.ts';
import { describeAdapter, parseAdapters } from '#trainer/engines/webgpu/adapter.ts';
import { readMemoryLimit } from '#trainer/engines/webgpu/memory-limit.ts';
import { explainNoAdapter, findMissingLoader } from '#trainer/engines/webgpu/missing-driver.ts';

useSwiftShader();

describe('opening the webgpu engine', () => {
  it('makes it the backend, and says what it runs on', async () => {
    for (let round = 0; round < 2; round++) {
      const engine = await openEngine('webgpu');
      expect(tf.getBackend()).toBe('webgpu');
      expect(engine).toMatchObject({ name: 'webgpu', version: '4.22.0', memoryLimit: null });
      expect(engine.device).toMatch(/^SwiftShader Device.*, Vulkan, driver \d+\.\d+/);
      const sum = tf.tidy(() => tf.sum(tf.ones([40, 40])));
      expect((await sum.data())[0]).toBe(1600);
      sum.dispose();
      expect(engine.peakBytes()).toBeGreaterThanOrEqual(6400);
      engine.dispose();
    }
  });

  it('refuses a GPU in software without leave, so that auto never takes one', async () => {
    await expect(openWebgpu({ ...findSwiftShader(), ALMANAC_ALLOW_SOFTWARE_GPU: '' })).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringMatching(/SwiftShader.*on the CPU.*ALMANAC_ALLOW_SOFTWARE_GPU=1.*train\.engine/),
    });
  });

  it('refuses an adapter that is not there, and lists those that are', async () => {
    await expect(openWebgpu({ ...findSwiftShader(), ALMANAC_GPU_ADAPTER: 'H200' })).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringMatching(/ALMANAC_GPU_ADAPTER="H200".*"SwiftShader Device \(Subzero\)" \(vulkan\)/),
    });
  });

  it('refuses a Vulkan loader that does not load', async () => {
    await expect(openWebgpu({ ALMANAC_VULKAN_LIBRARY: '/nowhere/libvulkan.so.1' })).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringMatching(/ALMANAC_VULKAN_LIBRARY.*\/nowhere\/libvulkan\.so\.1/),
    });
  });

  it('lets the process end by itself once it is closed', async () => {
    const open = fileURLToPath(new URL('../../../../trainer/engines/open.ts', import.meta.url));
    const program = `
      const { openEngine } = await import(${JSON.stringify(open)});
      const engine = await openEngine('webgpu');
      await engine.backPressure();
      engine.dispose();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, ...findSwiftShader() },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)))).toBe(0);
  });

  it('tells a probe in another process why there is none, where the environment gives no leave', async () => {
    const { ALMANAC_ALLOW_SOFTWARE_GPU: leave } = process.env;
    delete process.env['ALMANAC_ALLOW_SOFTWARE_GPU'];
    const report = await probeEngine('webgpu');
    process.env['ALMANAC_ALLOW_SOFTWARE_GPU'] = leave;
    expect(report).toMatchObject({ available: false, reason: expect.stringContaining('computes on the CPU') });
  });
});

describe('the words for an adapter', () => {
  it('have the name as the driver writes it, the API and the version', () => {
    const listed = parseAdapters(
      "Available adapters:\n * backend: 'vulkan', name: 'NVIDIA H200'\n * backend: 'null', name: 'x'\n",
    );
    expect(listed).toEqual([
      { backend: 'vulkan', name: 'NVIDIA H200' },
      { backend: 'null', name: 'x' },
    ]);
    const info = { vendor: 'nvidia', device: 'nvidia-h200', description: 'NVIDIA: 570.86.15' };
    expect(describeAdapter(info, listed)).toBe('NVIDIA H200, Vulkan, driver 570.86.15');
    expect(describeAdapter({ vendor: 'apple', device: '', description: '' }, [])).toBe('apple');
  });
});

describe('a machine without a usable adapter', () => {
  type DriverPlaces = NonNullable<Parameters<typeof explainNoAdapter>[0]>;
  function places(rest: Partial<DriverPlaces>): DriverPlaces {
    return { platform: 'linux', env: {}, libraries: [], cache: '/nowhere', manifests: [], kernel: [], ...rest };
  }
  const folder = () => {
    const root = temporaryFolder();
    for (const name of ['lib', 'icd.d', 'empty']) mkdirSync(join(root, name));
    writeFileSync(join(root, 'lib', 'libvulkan.so.1'), '');
    writeFileSync(join(root, 'icd.d', 'nvidia_icd.json'), '{}');
    return root;
  };

  it('is told what it lacks and which package brings it', () => {
    const root = folder();
    const [lib, manifests, none] = ['lib', 'icd.d', 'empty'].map((name) => join(root, name));
    const say = (rest: Partial<DriverPlaces>) => explainNoAdapter(places(rest)).join('. ');
    expect(say({})).toMatch(/libvulkan\.so\.1 is missing.*apt-get install libvulkan1/);
    expect(say({ libraries: [lib], manifests: [none], kernel: ['nvidia'] })).toMatch(
      /no manifest.*NVIDIA_DRIVER_CAPABILITIES/,
    );
    expect(say({ libraries: [lib], manifests: [none], kernel: ['amdgpu'] })).toMatch(
      /apt-get install mesa-vulkan-drivers/,
    );
    expect(say({ env: { LD_LIBRARY_PATH: lib, VK_ICD_FILENAMES: '/nowhere.json' } })).toMatch(
      /names no file.*\/nowhere\.json/,
    );
    expect(say({ libraries: [lib], manifests: [manifests] })).toMatch(
      /none of them finds a GPU.*No driver of a GPU is loaded/,
    );
    expect(say({ platform: 'darwin' })).toMatch(/no GPU/);
  });

  it('is worth a try where the dynamic linker knows a loader, or the environment names one', () => {
    const root = folder();
    writeFileSync(join(root, 'cache'), 'libfoo.so\0libvulkan.so.1\0/opt/vulkan/libvulkan.so.1\0');
    expect(findMissingLoader(places({ cache: join(root, 'cache') }))).toBeUndefined();
    expect(findMissingLoader(places({ env: { ALMANAC_VULKAN_LIBRARY: '/opt/libvulkan.so.1' } }))).toBeUndefined();
    expect(findMissingLoader(places({ platform: 'win32' }))).toBeUndefined();
    expect(findMissingLoader(places({}))).toEqual([expect.stringContaining('libvulkan.so.1'), expect.any(String)]);
  });
});

describe('the limit of memory', () => {
  it('is nine tenths of what nvidia-smi says of the smallest card, and unknown elsewhere', () => {
    const command = join(temporaryFolder(), 'nvidia-smi');
    writeFileSync(command, '#!/bin/sh\necho 143771\necho 1000\n');
    chmodSync(command, 0o755);
    expect(readMemoryLimit({ vendor: 'nvidia' }, command)).toBe(Math.floor(0.9 * 1000 * 2 ** 20));
    expect(readMemoryLimit({ vendor: 'nvidia' }, '/nowhere/nvidia-smi')).toBeNull();
    expect(readMemoryLimit({ vendor: 'amd' }, command)).toBeNull();
  });
});
