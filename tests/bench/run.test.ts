import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./run.ts', import.meta.url));
const bench = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args]);
const short = ['--variant=base', '--engine=wasm', '--peer=none', '--seconds=0.1', '--repeats=2', '--batch=16'];

describe('npm run bench', () => {
  it('prints only JSON with --json, one row a model, engine and peer', async () => {
    const { stdout } = await bench('--json', '--model=mlp', ...short);
    const rate = { median: expect.any(Number), min: expect.any(Number), max: expect.any(Number) };
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    expect(rows).toEqual([
      {
        model: 'mlp',
        variant: 'base',
        engine: 'wasm',
        samplesPerSecond: expect.any(Number),
        peer: null,
        peerSamplesPerSecond: null,
        ratio: null,
        spread: { samplesPerSecond: rate, peer: null, ratio: null },
        parameters: 295_554,
        peerDifferences: {},
        batch: 16,
        repeats: 2,
        device: expect.stringContaining('WASM'),
        version: expect.stringMatching(/^TensorFlow\.js \d/),
        peerDevice: null,
        peerVersion: null,
        peerHow: null,
        shippedSamplesPerSecond: null,
      },
    ]);
    expect(rows[0].samplesPerSecond).toBeGreaterThan(0);
  });

  it('prints where the time of a step goes with --profile', async () => {
    const { stdout } = await bench('--model=mlp', '--profile', ...short);
    expect(stdout).toMatch(/wasm +[\d,]+ samples\/s/);
    expect(stdout).toMatch(/a step takes [\d.]+ ms/);
    expect(stdout).toMatch(/MatMul +\d+/);
    expect(stdout).toContain('outside kernels');
  });

  it('times the indicators, beside TA-Lib where that is installed', async () => {
    const { stdout } = await bench('indicators', '--json', '--rows=2000', '--repeats=2');
    const row = JSON.parse(stdout) as { columns: string[]; ours: { cpu: { median: number } } };
    expect(row.columns).toHaveLength(23);
    expect(row.columns).toContain('mfi_14');
    expect(row.ours.cpu.median).toBeGreaterThan(0);
  });

  it('says what it expected when a number of rows is none', async () => {
    const stderr = expect.stringContaining('bench: --rows: expected a whole number from 1000, received many');
    await expect(bench('indicators', '--rows=many')).rejects.toMatchObject({ code: 1, stderr });
  });

  it('says what it expected when a model is unknown', async () => {
    const stderr = expect.stringContaining('bench: --model: expected some of mlp, ');
    await expect(bench('--model=oracle')).rejects.toMatchObject({ code: 1, stderr });
  });

  it('loads a file and says how long that took and what memory', async () => {
    const { stdout } = await bench('loading', '--rows=2000', '--repeats=1', '--python=none');
    expect(stdout).toContain('pandas and polars are not installed');
    expect(stdout).toMatch(/2,000 rows, times as ISO text\n {2}ours +v[\d.]+ +[\d.]+ s .*, peak \d+ MiB/);
  });

  it('says how well a model learns a series with a known optimum, beside ridge regression', async () => {
    const { stdout } = await bench('learning', '--json', '--model=mlp', '--series=AR(1)', '--rows=800', '--seeds=1');
    const rows = JSON.parse(stdout) as { forecaster: string; r2: { median: number } }[];
    expect(rows.map(({ forecaster }) => forecaster)).toEqual(['optimum', 'ridge', 'mlp']);
    // φ² = 0.25, as far as the 160 rows of the test split tell.
    expect(rows[0].r2.median).toBeGreaterThan(0.1);
    expect(rows[0].r2.median).toBeLessThan(0.4);
    expect(rows[1].r2.median).toBeLessThan(rows[0].r2.median + 0.05);
  });

  it('lists the benches, and refuses one that it does not know', async () => {
    const { stdout } = await bench('--list');
    const names = ['throughput', 'indicators', 'learning', 'overhead', 'first-metric', 'fork', 'live-page', 'loading'];
    names.push('starting', 'run-table', 'long-run', 'checkpoint-bytes', 'inspecting', 'memory');
    for (const name of names) expect(stdout).toContain(`  ${name} `);
    await expect(bench('speed')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`expected ${names.join(', ')}, received speed`),
    });
  });
});
