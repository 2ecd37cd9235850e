import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireConfig } from '#core/config/compile.ts';
import { writeConfig } from '#core/config/yaml.ts';
import type { RunEvent } from '#core/run/event.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { runFiles } from '#core/run/run-files.ts';
import { evaluationOf } from './run-summary.ts';
import { runRecord } from './run-record.ts';

const architectures = ['tcn', 'mlp', 'gru', 'lstm', 'nlinear', 'dlinear'] as const;
const rates = ['0.0003', '0.001', '0.003'];
const horizons = [4, 12];
const notebooks = ['first-run', 'hourly', 'daily'];
const metrics = ['da', 'f1', 'log_loss', 'brier', 'rmse', 'mae', 'r2', 'ic'];
const start = Date.UTC(2026, 0, 1);

/** The id of the run of this number, as sortable as real ones. */
export function manyRunsId(number: number): string {
  return `01many${number.toString(36).padStart(8, '0')}aaaaaaaa`;
}

/**
 * Writes folders of runs as the sidecar and its trainers leave them, without their weights and predictions: frozen files, each
 * run another configuration, and a log with every kind of event that a list shows, about thirty metrics, and results. One of
 * twenty failed, every other of them before its rows were known; one of three is a fork. The same count gives the same runs.
 *
 * @param epochs of each log.
 */
export function writeManyRuns(
  runsFolder: string,
  count: number,
  { epochs = 3 }: { readonly epochs?: number } = {},
): void {
  const random = seededRandom(12);
  const configs = new Map<string, string>();
  for (let number = 1; number <= count; number++) {
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)];
    const [architecture, rate, horizon, seed] = [
      pick(architectures),
      pick(rates),
      pick(horizons),
      pick([1, 2, 3, 4, 5]),
    ];
    const base = `${architecture} ${horizon}`;
    const text = configs.get(base) ?? configText(architecture, horizon);
    configs.set(base, text);
    const folder = join(runsFolder, manyRunsId(number));
    mkdirSync(folder, { recursive: true });
    const write = (name: string, content: string) => writeFileSync(join(folder, name), content);
    const createdAt = new Date(start + number * 600_000).toISOString();
    const parent = number > 3 && number % 3 === 0 ? manyRunsId(number - 1 - Math.floor(random() * 3)) : null;
    const record = runRecord({
      ...{ id: manyRunsId(number), number, name: `${architecture} at ${rate}`, createdAt, parent },
      notebook: pick(notebooks),
      changed:
        parent === null ? {} : { 'train.seed': [1, seed], 'train.optimizer.learning_rate': [0.001, Number(rate)] },
      tags: number % 7 === 0 ? ['old'] : number % 11 === 0 ? ['keep', 'paper'] : [],
    });
    write(runFiles.record, `${JSON.stringify(record, null, 2)}\n`);
    write(
      runFiles.config,
      text.replace(/seed: \d+/, `seed: ${seed}`).replace(/learning_rate: [\d.e-]+/, `learning_rate: ${rate}`),
    );
    write(runFiles.overrides, '[]\n');
    write(
      runFiles.notebook,
      `---\ntitle: ${architecture}\n---\n\nWhat does ${architecture} make of ${horizon} bars?\n`,
    );
    const events = eventsOf({
      at: createdAt,
      epochs,
      random,
      horizon,
      failed: number % 40 === 0 ? 'reading' : number % 20 === 0 ? 'training' : null,
    });
    write(runFiles.events, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }
}

function configText(architecture: string, horizon: number): string {
  const overrides = [`model.architecture=${architecture}`, `targets.horizon=${horizon}`];
  return writeConfig(requireConfig({ overrides }).config);
}

interface LogPlan {
  readonly at: string;
  readonly epochs: number;
  readonly random: () => number;
  readonly horizon: number;
  readonly failed: 'reading' | 'training' | null;
}

function eventsOf({ at, epochs, random, horizon, failed }: LogPlan): readonly RunEvent[] {
  const events: RunEvent[] = [];
  let ms = Date.parse(at);
  const add = (event: DistributiveOmit<RunEvent, 'seq' | 'at' | 'attempt'>) => {
    ms += 500 + Math.floor(random() * 4000);
    events.push({ seq: events.length + 1, at: new Date(ms).toISOString(), attempt: 1, ...event } as RunEvent);
  };
  const skill = 0.47 + 0.1 * random();
  add({ type: 'status', state: 'queued' });
  add({ type: 'status', state: 'starting' });
  if (failed === 'reading') {
    add({ type: 'status', state: 'failed', reason: 'The validation split is too small.' });
    return events;
  }
  const evaluation = evaluationOf(`rows of ${horizon}`, { horizon }) ?? undefined;
  add({ type: 'status', state: 'running', engine: 'wasm', device: 'WASM SIMD, 1 thread', evaluation });
  if (failed === 'training') {
    add({ type: 'status', state: 'failed', reason: 'The loss is not finite at step 12.' });
    return events;
  }
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const step = epoch * 40;
    const values = {
      'train.loss': 1 / epoch,
      'val.loss': 1.1 / epoch + random() / 10,
      ...named(scores(skill, random), 'val.'),
    };
    add({ type: 'metric', step, epoch, values });
    const checkpoint = {
      step,
      epoch,
      metric: 'val.loss',
      value: values['val.loss'],
      bytes: 999_805,
      sha256: '0'.repeat(64),
    };
    add({ type: 'checkpoint', name: 'best', ...checkpoint, values });
    add({
      type: 'progress',
      epoch,
      epochs,
      step,
      steps: epochs * 40,
      samplesPerSecond: 12_000,
      etaSeconds: epochs - epoch,
    });
  }
  for (const split of ['validation', 'test'] as const) {
    const own = scores(skill, random);
    const all = { ...own, n: 6700, n_eff: 560, excluded: 101, ...named(own, 'ret.') };
    add({
      type: 'result',
      split,
      metrics: all,
      baselines: { zero: { rmse: 0.012 }, majority: { da: 0.51 } },
      checks: [],
    });
  }
  add({ type: 'status', state: 'completed', reason: `all ${epochs} epochs` });
  return events;
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

function scores(skill: number, random: () => number): Record<string, number> {
  return Object.fromEntries(
    metrics.flatMap((name) => {
      const value = skill + 0.02 * random();
      return [
        [name, value],
        [`${name}_low`, value - 0.02],
        [`${name}_high`, value + 0.02],
      ];
    }),
  );
}

function named(values: Readonly<Record<string, number>>, prefix: string): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
