import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineReport } from '#core/engines/report.ts';
import { almanac } from '#tests/support/almanac.ts';
import { parseCommand } from '#tests/support/parse-command.ts';
import { temporaryHome } from '#tests/support/sidecar.ts';
import { describeEngines } from '#trainer/cli/engine-findings.ts';

const reports: readonly EngineReport[] = [
  {
    name: 'native',
    available: false,
    device: '',
    version: '',
    reason: 'The native engine is not available: libcudart.so.11.0 is missing.',
    remedy: 'npm run engine:native',
  },
  {
    name: 'wasm',
    available: true,
    device: 'WASM SIMD, 1 thread',
    version: '4.22.0',
    measured: { gflops: 12.34, samplesPerSecond: 9000 },
    devices: [{ id: 'cpu', name: 'WASM SIMD, 1 thread' }],
    models: { tcn: { samplesPerSecond: 2100 } },
  },
  {
    name: 'webgpu',
    available: true,
    device: 'NVIDIA H200',
    version: '0.6.2',
    measured: { gflops: 9000, samplesPerSecond: 50_000 },
    devices: [
      { id: 'gpu:0', name: 'NVIDIA H200' },
      { id: 'gpu:1', name: 'NVIDIA H200' },
    ],
    models: { tcn: { samplesPerSecond: 81_000 }, mlp: { reason: 'its loss of step 1 is 3, expected 2' } },
  },
];

describe('almanac doctor', () => {
  it('ranks the engines, names devices, reasons and commands', () => {
    const lines = describeEngines(reports, ['gru', 'mlp']).map(
      ({ ok, what, text }) => `${ok ? 'ok' : 'look'} ${what}: ${text}`,
    );
    expect(lines).toEqual([
      'ok engine webgpu: NVIDIA H200 0.6.2, matmul 9000.0 GFLOP/s, 2 devices',
      'ok : gpu:0 NVIDIA H200',
      'ok : gpu:1 NVIDIA H200',
      'ok engine wasm: WASM SIMD, 1 thread 4.22.0, matmul 12.3 GFLOP/s',
      'look engine native: not available: libcudart.so.11.0 is missing.',
      'look : to install it: npm run engine:native',
      'ok ranking mlp: wasm 9k samples/s · webgpu failed its test: its loss of step 1 is 3, expected 2 (with a small dense network; mlp is not measured yet)',
      'ok ranking tcn: webgpu NVIDIA H200 81k samples/s · wasm 2.1k samples/s',
      'ok ranking gru: webgpu NVIDIA H200 50k samples/s · wasm 9k samples/s (with a small dense network; gru is not measured yet)',
    ]);
  });

  it('takes architectures and --again, and says what is none', async () => {
    expect(await parseCommand('doctor', 'tcn', '--again', 'mlp', 'tcn')).toEqual([['tcn', 'mlp'], { again: true }]);
    expect(await parseCommand('doctor')).toEqual([[], { again: false }]);
    await expect(parseCommand('doctor', 'tnc')).rejects.toThrow('"tnc" is no architecture, did you mean tcn?');
  });

  it('measures the architecture on this machine and remembers it', async () => {
    const home = temporaryHome();
    mkdirSync(join(home, 'runs'));
    const { code, out } = await almanac(home, 'doctor', 'mlp');
    expect(out).toMatch(/ok {4}engine wasm {4}WASM.*matmul \d+\.\d GFLOP\/s/);
    expect(out).toMatch(/ok {4}ranking mlp {4}.*wasm [\d.k]+ samples\/s/);
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(home, 'runs', 'engines.json'), 'utf8'))).toMatchObject({
      engines: expect.arrayContaining([
        expect.objectContaining({ name: 'wasm', models: { mlp: { samplesPerSecond: expect.any(Number) } } }),
      ]),
    });
    const wrong = await almanac(home, 'doctor', 'perceptron');
    expect([wrong.code, wrong.out]).toEqual([2, '']);
  });
});
