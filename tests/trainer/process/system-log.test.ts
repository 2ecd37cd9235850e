import { describe, expect, it } from 'vitest';
import type { EventBody } from '#core/run/event.ts';
import type { SystemReading } from '#trainer/engines/telemetry.ts';
import type { TrainingHooks } from '#trainer/ml/training-state.ts';
import { SystemLog } from '#trainer/process/system-log.ts';

const base: SystemReading = { cpu: 99, rss: 1e8, tensors: 10, tensorBytes: 1000 };

/** A log of system events over a reading that the test changes. */
function open() {
  const events: EventBody[] = [];
  const machine = { reading: base };
  const append = (body: EventBody) => {
    events.push(body);
    return { seq: events.length, at: '', attempt: 1, ...body };
  };
  const engine = { name: 'wasm', peakBytes: () => 37_000_000 } as const;
  const system = new SystemLog({ log: { append }, engine, read: () => machine.reading });
  const metrics: number[] = [];
  const inner: TrainingHooks = {
    metric: (step) => void metrics.push(step),
    progress: () => undefined,
    log: () => undefined,
    checkpoint: () => Promise.resolve(),
    control: () => ({ want: 'run', checkpoint: null }),
    paused: () => undefined,
  };
  return { events, machine, system, hooks: system.watch(inner), metrics };
}

describe('SystemLog', () => {
  it('gives a reading the step of the newest metric, and none before training', () => {
    const { events, system, hooks, metrics } = open();
    system.report();
    hooks.metric(12, 0.5, { 'train.loss': 1 });
    system.report();
    expect(events).toEqual([
      { type: 'system', ...base },
      { type: 'system', step: 12, ...base },
    ]);
    expect(metrics).toEqual([12]);
  });

  it('says what of the GPU is missing when that changes, not with every reading', () => {
    const { events, system, machine } = open();
    for (const gpuNote of [undefined, 'No GPU.', 'No GPU.', undefined, 'No GPU.']) {
      machine.reading = gpuNote === undefined ? base : { ...base, gpuNote };
      system.report();
    }
    expect(events.map((event) => event.type === 'system' && event.gpuNote)).toEqual([
      undefined,
      'No GPU.',
      undefined,
      undefined,
      'No GPU.',
    ]);
  });

  it('compares estimate and peak after the first epoch and at the end', () => {
    const { events, system, hooks } = open();
    system.expect(41_000_000);
    for (const epoch of [1, 2]) {
      hooks.metric(10 * epoch, epoch - 0.5, { 'train.loss': 1 });
      hooks.metric(10 * epoch, epoch, { 'val.loss': 1 });
    }
    const memory = { estimated: 41_000_000, peak: 37_000_000, of: 'tensors' };
    expect(events).toEqual([
      { type: 'system', step: 10, ...base, memory },
      {
        type: 'log',
        level: 'info',
        message: 'Memory: 41 MB estimated, 37 MB measured at the peak of the first epoch (tensors on the engine).',
      },
    ]);
    system.endTraining();
    system.reportEnd();
    expect(events.at(-1)).toEqual({ type: 'system', ...base, memory });
  });

  it('raises an alert on a leak', () => {
    const { events, hooks, machine } = open();
    for (let epoch = 1; epoch <= 5; epoch++) {
      machine.reading = { ...base, tensors: 10 + 3 * epoch };
      hooks.metric(10 * epoch, epoch, { 'val.loss': 1 });
    }
    expect(events).toEqual([
      {
        type: 'log',
        level: 'warn',
        alert: true,
        message: expect.stringMatching(/^Tensors are leaking: .*13, 16, 19, 22/),
      },
    ]);
  });
});
