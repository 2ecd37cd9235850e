import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { engineNames } from '#core/engines/registry.ts';
import { modelSpeed, rankEngines } from '#core/engines/ranking.ts';
import type { EngineReport } from '#core/engines/report.ts';
import { parseReport, probeEngine } from '#trainer/engine-choice/probe.ts';

const program = (name: string) => fileURLToPath(new URL(`./programs/${name}.mjs`, import.meta.url));

describe('reports of real engines', () => {
  it('come from a process of each and put those that work first', async () => {
    const found: EngineReport[] = [];
    for (const name of engineNames) found.push((await probeEngine(name))!);
    const reports = rankEngines(found).order;
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
  it('trains the architectures it is given on the real engine, against the reference, and measures each', async () => {
    const seen: EngineReport[] = [];
    const report = await probeEngine('wasm', { models: ['mlp', 'gru'], onReport: (one) => seen.push(one) });
    expect(report && modelSpeed(report, 'mlp')).toBeGreaterThan(0);
    expect(report && modelSpeed(report, 'gru')).toBeGreaterThan(0);
    expect(seen.map(({ models }) => Object.keys(models ?? {}))).toEqual([[], ['mlp'], ['mlp', 'gru']]);
  });

  it('reports an engine that crashes the process', async () => {
    expect(await probeEngine('native', { program: program('crash') })).toMatchObject({
      name: 'native',
      available: false,
      reason: expect.stringContaining('SIGSEGV'),
    });
  });

  it('keeps what was measured before an architecture crashed the process', async () => {
    expect(await probeEngine('native', { program: program('crash-in-tcn'), models: ['mlp', 'tcn'] })).toEqual({
      name: 'native',
      available: true,
      device: 'fake',
      version: '1',
      models: {
        mlp: { samplesPerSecond: 1000 },
        tcn: { reason: 'the test of it ended with SIGSEGV and no report' },
      },
    });
  });

  it('stops an engine that hangs', async () => {
    const report = await probeEngine('native', { program: program('hang'), timeoutMs: 300 });
    expect(report).toMatchObject({ available: false, reason: expect.stringContaining('0.3 s') });
  });

  it('is ended at once when nobody wants it any more, without a result', async () => {
    const end = new AbortController();
    const probing = probeEngine('native', { program: program('hang'), signal: end.signal });
    setTimeout(() => end.abort(), 50);
    expect(await probing).toBeNull();
  });

  it('ends with whoever started it', async () => {
    const path = fileURLToPath(new URL('../../../trainer/engine-choice/probe-process.ts', import.meta.url));
    const child = spawn(process.execPath, [path, 'wasm', 'gru'], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.end();
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
  });

  it('does not believe a report of something else', async () => {
    expect(await probeEngine('wasm', { program: program('liar') })).toMatchObject({
      name: 'wasm',
      available: false,
      reason: expect.stringContaining('without a report'),
    });
  });

  it('reports a program that is not there', async () => {
    expect(await probeEngine('wasm', { program: program('absent') })).toMatchObject({ available: false });
  });
});

describe('parseReport', () => {
  it('reads a line that is one', () => {
    const report = { name: 'wasm', available: true, device: 'WASM', version: '4.22.0' };
    expect(parseReport(JSON.stringify(report))).toEqual(report);
  });

  it('finds no report in anything else', () => {
    for (const text of ['', 'banner', '{"name":"wasm"}', '[]', 'null']) expect(parseReport(text)).toBeUndefined();
  });
});
