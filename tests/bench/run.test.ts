import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./run.ts', import.meta.url));
const bench = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args]);

describe('npm run bench', () => {
  it('prints only JSON with --json, one row a model', async () => {
    const { stdout } = await bench('--json', '--model=mlp', '--seconds=0.1', '--batch=16');
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    expect(rows).toEqual([
      {
        model: 'mlp',
        variant: 'base',
        engine: 'wasm',
        parameters: 295_554,
        samplesPerSecond: expect.any(Number),
        shippedSamplesPerSecond: expect.any(Number),
        peer: null,
        peerSamplesPerSecond: null,
        ratio: null,
      },
    ]);
    expect(rows[0].samplesPerSecond).toBeGreaterThan(0);
  });

  it('says what it expected when a model is unknown', async () => {
    await expect(bench('--model=oracle')).rejects.toMatchObject({ stderr: expect.stringContaining('mlp, tcn, gru') });
  });

  it('lists the benches, and refuses one that it does not know', async () => {
    const { stdout } = await bench('--list');
    for (const name of ['throughput', 'overhead', 'first-metric', 'memory']) expect(stdout).toContain(`  ${name} `);
    await expect(bench('speed')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected throughput, overhead, first-metric, memory, received speed'),
    });
  });
});
