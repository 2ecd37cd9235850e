import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseReport, probeEngine, probeEngines, sortBySpeed } from '#trainer/ml/engine/probe.ts';

const program = (name: string) => fileURLToPath(new URL(`./programs/${name}.mjs`, import.meta.url));

describe('probeEngines', () => {
  it('tests every engine in a process of its own and puts those that work first', async () => {
    const reports = await probeEngines();
    expect(reports.map(({ name }) => name).sort()).toEqual(['native', 'wasm', 'webgpu']);
    const wasm = reports.find(({ name }) => name === 'wasm');
    expect(wasm).toMatchObject({ available: true, version: '4.22.0' });
    expect(wasm?.device).toMatch(/^WASM/);
    expect(wasm?.measured?.gflops).toBeGreaterThan(0);
    expect(wasm?.measured?.samplesPerSecond).toBeGreaterThan(0);
    for (const report of reports) {
      if (report.available) expect(report.measured?.gflops).toBeGreaterThan(0);
      else expect(report.reason).toMatch(/train\.engine/);
    }
    const available = reports.map((report) => report.available);
    expect(available).toEqual([...available].sort((a, b) => Number(b) - Number(a)));
  });
});

describe('probeEngine', () => {
  it('reports an engine that crashes the process', async () => {
    expect(await probeEngine('native', { program: program('crash') })).toMatchObject({
      name: 'native',
      available: false,
      reason: expect.stringContaining('SIGSEGV'),
    });
  });

  it('stops an engine that hangs', async () => {
    const report = await probeEngine('native', { program: program('hang'), timeoutMs: 300 });
    expect(report).toMatchObject({ available: false, reason: expect.stringContaining('0.3 s') });
  });

  it('does not believe a report of something else', async () => {
    expect(await probeEngine('wasm', { program: program('liar') })).toMatchObject({
      name: 'wasm',
      available: false,
      reason: expect.stringContaining('no report'),
    });
  });

  it('reports a program that is not there', async () => {
    expect(await probeEngine('wasm', { program: program('absent') })).toMatchObject({ available: false });
  });
});

describe('parseReport', () => {
  it('reads the last line, whatever a library printed before', () => {
    const report = { name: 'wasm', available: true, device: 'WASM', version: '4.22.0' };
    expect(parseReport(`banner\n{"name":1}\n${JSON.stringify(report)}\n`)).toEqual(report);
  });

  it('finds no report in anything else', () => {
    for (const text of ['', 'banner', '{"name":"wasm"}', '[]', 'null']) expect(parseReport(text)).toBeUndefined();
  });
});

describe('sortBySpeed', () => {
  it('puts unavailable engines last and the fastest first', () => {
    const base = { device: '', version: '' };
    const sorted = sortBySpeed([
      { ...base, name: 'native', available: false },
      { ...base, name: 'wasm', available: true, measured: { gflops: 9, samplesPerSecond: 10 } },
      { ...base, name: 'webgpu', available: true, measured: { gflops: 1, samplesPerSecond: 20 } },
    ]);
    expect(sorted.map(({ name }) => name)).toEqual(['webgpu', 'wasm', 'native']);
  });
});
