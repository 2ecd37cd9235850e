import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Architecture } from '#core/models/registry.ts';
import type { EngineName } from '#core/engines/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import type { Probe } from '#trainer/engine-choice/probe.ts';
import { type EngineRoster, openRoster, type RosterOptions } from '#trainer/engine-choice/roster.ts';

const rosters: EngineRoster[] = [];
afterEach(async () => {
  for (const roster of rosters.splice(0)) await roster.close();
});

function report(name: EngineName, models: readonly Architecture[] = [], speed = 100): EngineReport {
  const tested = Object.fromEntries(models.map((model) => [model, { samplesPerSecond: speed }]));
  return {
    name,
    available: true,
    device: name,
    version: '1',
    measured: { gflops: 1, samplesPerSecond: 10 },
    models: tested,
  };
}

function open(options: RosterOptions = {}): { readonly roster: EngineRoster; readonly asked: string[] } {
  const asked: string[] = [];
  const probe: Probe = async (name, given = {}) => {
    asked.push([name, ...(given.models ?? [])].join(' '));
    return options.probe ? options.probe(name, given) : report(name, given.models);
  };
  const here = { gpus: async () => [], surroundings: async () => 'here', mayHaveDevice: () => true };
  const roster = openRoster({
    absence: (name) => (name === 'webgpu' ? 'not here' : undefined),
    ...here,
    ...options,
    probe,
  });
  rosters.push(roster);
  return { roster, asked };
}

const only = (wanted: EngineName) => (name: EngineName) => (name === wanted ? undefined : 'not here');

describe('the roster', () => {
  it('tests at once where there is a choice, and not where wasm is alone', async () => {
    const alone = open({ absence: only('wasm') });
    expect(alone.roster.isDecided()).toBe(true);
    const choice = open();
    expect(choice.roster.isDecided()).toBe(false);
    await expect.poll(() => choice.roster.isDecided()).toBe(true);
    expect([alone.asked, choice.asked]).toEqual([[], ['native', 'wasm']]);
    expect(alone.roster.known()).toEqual([
      {
        name: 'native',
        available: false,
        device: '',
        version: '',
        reason: 'not here',
        remedy: 'npm run engine:native',
      },
      { name: 'webgpu', available: false, device: '', version: '', reason: 'not here', remedy: expect.any(String) },
      {
        name: 'wasm',
        available: true,
        pending: true,
        device: 'WASM',
        version: '',
        devices: [{ id: 'cpu', name: 'WASM' }],
      },
    ]);
  });

  it('does not wait for WebGPU where nothing tells of a GPU, and tests it when it is asked for', async () => {
    const { roster, asked } = open({
      absence: (name) => (name === 'native' ? 'not here' : undefined),
      mayHaveDevice: (name) => name !== 'webgpu',
    });
    await sleep(20);
    expect([roster.isDecided(), asked]).toEqual([true, []]);
    await roster.measured();
    expect(asked).toEqual(['webgpu', 'wasm']);
  });

  it('measures an architecture once, one engine after the other', async () => {
    let atOnce = 0;
    const probe: Probe = async (name, { models } = {}) => {
      expect(++atOnce).toBe(1);
      await sleep(5);
      atOnce--;
      return report(name, models);
    };
    const { roster, asked } = open({ probe });
    const [first, second] = await Promise.all([roster.measured(['tcn']), roster.measured(['tcn'])]);
    expect(first).toEqual(second);
    await roster.measured(['mlp']);
    await roster.measured(['tcn', 'mlp']);
    expect(asked).toEqual(['native tcn', 'wasm tcn', 'native mlp', 'wasm mlp']);
    expect(roster.known()[2].models).toEqual({ tcn: { samplesPerSecond: 100 }, mlp: { samplesPerSecond: 100 } });
  });

  it('asks nothing of an engine that was remembered, and only the rest of one that was half', async () => {
    const saved: (readonly EngineReport[])[] = [];
    const memory = {
      load: async (surroundings: string) =>
        surroundings === 'here' ? [report('native', ['tcn']), report('wasm')] : [],
      save: async (_: string, reports: readonly EngineReport[]) => void saved.push(reports),
    };
    const { roster, asked } = open({ memory });
    await roster.measured(['tcn']);
    expect(asked).toEqual(['wasm tcn']);
    await roster.close();
    expect(saved.at(-1)?.map(({ name, models }) => [name, Object.keys(models ?? {})])).toEqual([
      ['native', ['tcn']],
      ['wasm', ['tcn']],
    ]);
    const elsewhere = open({ memory, surroundings: async () => 'elsewhere' });
    await elsewhere.roster.measured();
    expect(elsewhere.asked).toEqual(['native', 'wasm']);
  });

  it('keeps what it knows until the new test is done, and tests all that was measured', async () => {
    let speed = 100;
    const { roster, asked } = open({ probe: async (name, { models } = {}) => report(name, models, speed) });
    await roster.measured(['tcn']);
    speed = 300;
    roster.again();
    expect(roster.known()[0].models).toEqual({ tcn: { samplesPerSecond: 100 } });
    await roster.measured();
    expect(roster.known()[0].models).toEqual({ tcn: { samplesPerSecond: 300 } });
    expect(asked).toEqual(['native tcn', 'wasm tcn', 'native tcn', 'wasm tcn']);
  });

  it('measures no architecture while runs are at work, and answers what is known', async () => {
    let busy = true;
    const { roster, asked } = open({ busy: () => busy });
    await roster.measured(['tcn']);
    expect(asked).toEqual(['native', 'wasm']);
    busy = false;
    await roster.measured();
    expect(asked).toEqual(['native', 'wasm', 'native tcn', 'wasm tcn']);
  });

  it('makes way for a run: the test of an architecture ends at once and is begun again later', async () => {
    let hang = true;
    const probe: Probe = (name, { models = [], signal } = {}) =>
      models.length === 0 || !hang
        ? Promise.resolve(report(name, models))
        : new Promise((done) => signal?.addEventListener('abort', () => done(null)));
    let time = 0;
    const { roster, asked } = open({ probe, now: () => time });
    await roster.measured();
    const answer = roster.measured(['tcn']);
    await expect.poll(() => asked.at(-1)).toBe('native tcn');
    hang = false;
    roster.makeWay();
    expect((await answer)[0].models).toEqual({});
    time += 10_000;
    await expect.poll(() => asked.slice(-2)).toEqual(['native tcn', 'wasm tcn']);
  });

  it('gives an architecture that came to nothing a reason, and does not try for ever', async () => {
    const { roster, asked } = open({ probe: async (name) => report(name) });
    await roster.measured(['tcn']);
    expect(roster.known()[0].models).toEqual({ tcn: { reason: 'its test came to no result' } });
    expect(asked).toHaveLength(2);
  });

  it('ends the test at work when it is closed', async () => {
    const probe: Probe = (_, { signal } = {}) =>
      new Promise((done) => signal?.addEventListener('abort', () => done(null)));
    const { roster, asked } = open({ probe });
    await expect.poll(() => asked).toEqual(['native']);
    await roster.close();
    expect(asked).toEqual(['native']);
  });
});
