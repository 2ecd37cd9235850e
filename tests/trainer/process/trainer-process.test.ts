import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { emptyRunView, reduceRun } from '#core/run/reduce.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { writeCheckpoint } from '#trainer/ml/checkpoint/write.ts';
import { diesAt } from '#tests/support/die-at.ts';
import { eventsOf, makeRunFolder, readEvents, resultDigests, smallRun } from '#tests/support/run-folder.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { startTrainer } from '#tests/support/trainer-process.ts';

const ok = { code: 0, signal: null };
const killedDead = { code: null, signal: 'SIGKILL' };

/** The log while somebody writes it. */
const text = (folder: string) =>
  existsSync(join(folder, 'events.jsonl')) ? readFileSync(join(folder, 'events.jsonl'), 'utf8') : '';

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(10);
}

const ask = (folder: string, control: object) => writeFileSync(join(folder, 'control.json'), JSON.stringify(control));
const lastStatus = (folder: string) => eventsOf(readEvents(folder), 'status').at(-1);

/** Every file with its bytes. */
function snapshot(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.endsWith('trainer.log'))
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

describe('a run that is left alone', () => {
  it('has every kind of event, every file, and nothing after its end', async () => {
    const home = temporaryFolder();
    const folder = makeRunFolder(home, 'r', [...smallRun, 'train.epochs=2']);
    expect(await startTrainer(folder, 1).exit).toEqual(ok);
    const events = readEvents(folder);
    const types = ['status', 'progress', 'metric', 'log', 'checkpoint', 'system', 'result'] as const;
    for (const type of types) expect(eventsOf(events, type), type).not.toHaveLength(0);
    expect(eventsOf(events, 'status').map(({ state }) => state)).toEqual(['running', 'completed']);
    expect(eventsOf(events, 'status')[0]).toMatchObject({ engine: 'wasm', device: expect.stringContaining('WASM') });
    expect(eventsOf(events, 'metric')[0]).toMatchObject({ step: 1, values: { 'train.loss': expect.any(Number) } });
    expect(eventsOf(events, 'result').map(({ split }) => split)).toEqual(['validation', 'test']);
    expect(readdirSync(folder).sort()).toEqual(
      ['attempt-1.lock', 'checkpoints', 'config.yaml', 'data.json', 'environment.json', 'events.jsonl'].concat([
        'metrics.csv',
        'predictions-test.csv',
        'predictions.csv',
        'trainer.log',
      ]),
    );

    // The checkpoint event's digest is that of the manifest as it lies there.
    const best = eventsOf(events, 'checkpoint').findLast(({ name }) => name === 'best');
    const manifest = readFileSync(join(folder, 'checkpoints', 'best', 'manifest.json'));
    expect(best?.sha256).toBe(createHash('sha256').update(manifest).digest('hex'));

    // A row a sample, and every stored metric point.
    const data = JSON.parse(readFileSync(join(folder, 'data.json'), 'utf8'));
    const rowsOf = (name: string) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n').slice(1);
    expect(rowsOf('predictions.csv')).toHaveLength(data.dataset.samples.validation);
    expect(rowsOf('predictions-test.csv')).toHaveLength(data.dataset.samples.test);
    expect(eventsOf(events, 'status')[0].evaluation).toEqual(data.evaluation);
    const points = eventsOf(events, 'metric').flatMap(({ step, values }) =>
      Object.entries(values).map(([name, value]) => `${step},${name},${value}`),
    );
    const stored = readFileSync(join(folder, 'metrics.csv'), 'utf8').trimEnd().split('\n').slice(1);
    const cells = stored.map((row) => row.split(','));
    expect(cells.map(([step, , , name, value]) => `${step},${name},${value}`).sort()).toEqual(points.sort());

    const before = snapshot(folder);
    expect((await startTrainer(folder, 1).exit).code).toBe(75);
    expect((await startTrainer(folder, 2).exit).code).toBe(75);
    expect(snapshot(folder)).toEqual(before);
  });
});

describe('a living trainer', () => {
  it('pauses, saves what it is asked for, goes on, and is stopped with its last state saved', async () => {
    const folder = makeRunFolder(temporaryFolder(), 'r', [...smallRun, 'train.epochs=10000']);
    const { exit } = startTrainer(folder, 1);
    await until(() => text(folder).includes('"type":"progress"'));
    ask(folder, { want: 'pause', attempt: 1 });
    await until(() => text(folder).includes('"state":"paused"'));
    const steps = () => eventsOf(readEvents(folder), 'metric').at(-1)?.step;
    const paused = steps();
    ask(folder, { want: 'pause', attempt: 1, checkpoint: 'mine', request: 1 });
    await until(() => text(folder).includes('"name":"mine"'));
    expect(steps()).toBe(paused);
    expect((await readCheckpoint(join(folder, 'checkpoints'), 'mine'))?.manifest.step).toBe(paused);

    expect((await startTrainer(folder, 1).exit).code).toBe(75);
    expect((await startTrainer(folder, 2).exit).code).toBe(75);

    const size = text(folder).length;
    ask(folder, { want: 'run', attempt: 1, checkpoint: 'mine', request: 1 });
    await until(() => text(folder).slice(size).includes('"type":"progress"'));
    ask(folder, { want: 'stop', attempt: 1 });
    expect(await exit).toEqual({ code: 3, signal: null });
    const events = readEvents(folder);
    expect(eventsOf(events, 'status').map(({ state }) => state)).toEqual(['running', 'paused', 'running', 'cancelled']);
    const { evaluation } = JSON.parse(readFileSync(join(folder, 'data.json'), 'utf8'));
    expect(events.reduce(reduceRun, emptyRunView()).evaluation).toEqual(evaluation);
    expect(eventsOf(events, 'checkpoint').filter(({ name }) => name === 'mine')).toHaveLength(1);
    const last = eventsOf(events, 'checkpoint').findLast(({ name }) => name === 'last');
    expect((await readCheckpoint(join(folder, 'checkpoints'), 'last'))?.manifest.step).toBe(last?.step);
    expect(existsSync(join(folder, 'metrics.csv'))).toBe(true);
  });
});

describe('a resumed run', () => {
  it('ends with the same bits when killed, and with others when the optimizer starts cold', async () => {
    const home = temporaryFolder();
    const overrides = [...smallRun, 'train.epochs=12'];
    const whole = makeRunFolder(home, 'whole', overrides);
    expect(await startTrainer(whole, 1).exit).toEqual(ok);

    // The killed run: stopped dead some epochs in. Its twin goes on from the same weights without optimizer slots.
    const killed = makeRunFolder(home, 'killed', overrides);
    expect(await startTrainer(killed, 1, diesAt('"name":"last"', 4)).exit).toEqual(killedDead);
    const cold = join(home, 'runs', 'cold');
    cpSync(killed, cold, { recursive: true });
    const stored = await readCheckpoint(join(cold, 'checkpoints'), 'last');
    if (!stored) throw new Error('no checkpoint was saved');
    const { step, epoch } = stored.manifest;
    const files = { ...stored.files, 'optimizer.bin': Buffer.alloc(stored.files['optimizer.bin'].length) };
    await writeCheckpoint(join(cold, 'checkpoints'), 'last', files, { format: 'layers-model', step, epoch });

    expect(await startTrainer(killed, 2).exit).toEqual(ok);
    expect(resultDigests(killed)).toEqual(resultDigests(whole));
    expect(await startTrainer(cold, 2).exit).toEqual(ok);
    expect(resultDigests(cold)['checkpoints/last/weights.bin']).not.toBe(
      resultDigests(whole)['checkpoints/last/weights.bin'],
    );
  });

  it('falls back to the older checkpoint when the newest is damaged, and still ends with the same bits', async () => {
    const home = temporaryFolder();
    const overrides = [...smallRun, 'train.epochs=6'];
    const whole = makeRunFolder(home, 'whole', overrides);
    expect(await startTrainer(whole, 1).exit).toEqual(ok);
    const killed = makeRunFolder(home, 'killed', overrides);
    expect(await startTrainer(killed, 1, diesAt('"name":"last"', 3)).exit).toEqual(killedDead);
    writeFileSync(join(killed, 'checkpoints', 'last', 'optimizer.bin'), 'torn');
    expect(await startTrainer(killed, 2).exit).toEqual(ok);
    const warnings = eventsOf(readEvents(killed), 'log').filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message).join()).toMatch(/optimizer\.bin/);
    expect(resultDigests(killed)).toEqual(resultDigests(whole));
  });

  it('is refused by name when its checkpoints are of a form of the network from before', async () => {
    const folder = makeRunFolder(temporaryFolder(), 'old', [
      ...smallRun,
      ...['model.architecture=tsmixer', 'train.epochs=12'],
    ]);
    expect(await startTrainer(folder, 1, diesAt('"name":"last"', 2)).exit).toEqual(killedDead);
    for (const name of readdirSync(join(folder, 'checkpoints'))) {
      const path = join(folder, 'checkpoints', name, 'manifest.json');
      const { model: _model, ...before } = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, JSON.stringify(before));
    }
    expect(await startTrainer(folder, 2).exit).toEqual({ code: 2, signal: null });
    expect(lastStatus(folder)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/weights of TSMixer version 1; this program builds version 2, .*fork without from/),
    });
  });

  it('does not train past its end when it was killed after the last step', async () => {
    const home = temporaryFolder();
    const folder = makeRunFolder(home, 'r', [...smallRun, 'train.epochs=2']);
    expect(await startTrainer(folder, 1).exit).toEqual(ok);
    const digests = resultDigests(folder);
    const log = text(folder);
    writeFileSync(join(folder, 'events.jsonl'), log.slice(0, log.indexOf('\n', log.indexOf('Training ended')) + 1));
    rmSync(join(folder, 'predictions.csv'));
    expect(await startTrainer(folder, 2).exit).toEqual(ok);
    const second = readEvents(folder).filter(({ attempt }) => attempt === 2);
    expect(eventsOf(second, 'metric')).toEqual([]);
    expect(eventsOf(second, 'result')).toHaveLength(2);
    expect(second.at(-1)).toMatchObject({ state: 'completed', reason: 'all 2 epochs' });
    expect(resultDigests(folder)).toEqual(digests);
  });

  it('goes on with its own bars when the file has changed, is refused without them, and a fork may start from given weights', async () => {
    const home = temporaryFolder();
    const rows = (shift: number) =>
      Array.from({ length: 2000 }, (_, i) => {
        const close = 100 + Math.sin(i / 9) + Math.cos(i * i) + shift;
        return `${new Date(1.5e12 + i * 3.6e6).toISOString()},${close},${close + 1},${close - 1},${close},${10 + (i % 7)}`;
      });
    const write = (shift: number) =>
      writeFileSync(
        join(home, 'notebooks', 'bars.csv'),
        ['time,open,high,low,close,volume', ...rows(shift)].join('\n') + '\n',
      );
    mkdirSync(join(home, 'notebooks'), { recursive: true });
    write(0);
    const overrides = [...smallRun, 'data.source=bars.csv', 'train.epochs=10000'];
    const folder = makeRunFolder(home, 'r', overrides);
    const killed = async (attempt: number) => {
      const { child, exit } = startTrainer(folder, attempt);
      const isIt = (line: string) => line.includes('"name":"last"') && line.includes(`"attempt":${attempt}`);
      const saved = () => text(folder).split('\n').some(isIt);
      await until(saved);
      child.kill('SIGKILL');
      await exit;
    };
    await killed(1);

    const fork = makeRunFolder(home, 'fork', [...overrides, 'train.epochs=1']);
    cpSync(join(folder, 'checkpoints', 'last'), join(fork, 'initial'), { recursive: true });
    expect(await startTrainer(fork, 1).exit).toEqual(ok);
    expect(text(fork)).toContain('Starting weights: ');

    write(0.5);
    await killed(2);
    expect(text(folder)).toContain('Bars as they were kept');
    rmSync(join(home, 'runs', '.bars'), { recursive: true });
    expect(await startTrainer(folder, 3).exit).toEqual({ code: 2, signal: null });
    expect(lastStatus(folder)).toMatchObject({ state: 'failed', reason: expect.stringContaining('has changed') });
  });
});

describe('a run that cannot be', () => {
  const cases: Record<string, { overrides: string[]; reason: RegExp; code: string }> = {
    'missing data': { overrides: ['data.source=nowhere.csv'], reason: /nowhere\.csv/, code: 'data_not_found' },
    'an empty file': { overrides: ['data.source=empty.csv'], reason: /empty\.csv|row/i, code: 'data_' },
    'a split too small': {
      overrides: ['data.source="sample://market?seed=1&bars=200&step=1h"', 'model.lookback=128'],
      reason: /lookback|sample|window/i,
      code: 'split_too_small|warmup_too_long|data_empty',
    },
    'an engine that is not there': { overrides: ['train.engine=webgpu'], reason: /webgpu/, code: 'engine_unavailable' },
    'a loss that explodes': {
      overrides: [
        'train.optimizer={kind:sgd,learning_rate:1}',
        'train.clip_norm=null',
        'loss.ret={kind:mse}',
        'loss.weights.ret=1000',
      ],
      reason: /loss/i,
      code: 'non_finite_loss',
    },
  };
  it.each(Object.entries(cases))('%s: fails with a reason for a person', async (_, { overrides, reason, code }) => {
    const home = temporaryFolder();
    const folder = makeRunFolder(home, 'r', [...smallRun, 'train.epochs=1', ...overrides]);
    writeFileSync(join(home, 'notebooks', 'empty.csv'), 'time,open,high,low,close,volume\n');
    expect(await startTrainer(folder, 1).exit).toEqual({ code: 2, signal: null });
    const events = readEvents(folder);
    const end = events.at(-1);
    expect(end).toMatchObject({ type: 'status', state: 'failed', reason: expect.stringMatching(reason) });
    expect(eventsOf(events, 'log').at(-1)?.message).toMatch(new RegExp(`^(?:${code})`));
    expect(text(folder)).not.toContain(home);
  });

  it('says so where its configuration is damaged or gone', async () => {
    const home = temporaryFolder();
    const folder = makeRunFolder(home, 'r', smallRun);
    copyFileSync(join(folder, 'config.yaml'), join(folder, 'copy'));
    writeFileSync(join(folder, 'config.yaml'), `${readFileSync(join(folder, 'copy'), 'utf8')}\nextra: 1\n`);
    expect((await startTrainer(folder, 1).exit).code).toBe(2);
    expect(lastStatus(folder)).toMatchObject({ state: 'failed', reason: expect.stringContaining('extra') });
    const gone = makeRunFolder(home, 'gone', smallRun);
    rmSync(join(gone, 'config.yaml'));
    expect((await startTrainer(gone, 1).exit).code).toBe(2);
    expect(lastStatus(gone)).toMatchObject({ state: 'failed', reason: expect.stringContaining('config.yaml') });
  });
});
