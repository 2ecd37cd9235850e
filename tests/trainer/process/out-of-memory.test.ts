import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { exitCodes } from '#core/run/exit-code.ts';
import { decodeCheckpoint } from '#trainer/ml/checkpoint/contents.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { guardMemory } from '#trainer/engines/wasm/kernels/memory-guard.ts';
import type { WasmBackend } from '#trainer/engines/wasm/kernels/wasm-backend.ts';
import { startAttempt } from '#trainer/process/attempt.ts';
import type { EventLog } from '#trainer/run-folder/event-log.ts';
import { type RunContext, trainRun } from '#trainer/process/train-run.ts';
import { openWantedEngine } from '#trainer/engine-choice/wanted-engine.ts';
import { eventsOf, makeRunFolder, readEvents, smallRun } from '#tests/support/run-folder.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

/** Trains a run in this process; `onEvent` is told of each event after it is written. */
async function train(
  overrides: readonly string[],
  onEvent: (body: Parameters<EventLog['append']>[0]) => void,
  openEngine: RunContext['openEngine'] = openWantedEngine,
) {
  const folder = makeRunFolder(temporaryFolder(), 'r', [...smallRun, ...overrides]);
  const work = (context: RunContext) => {
    const append: EventLog['append'] = (body) => {
      const event = context.log.append(body);
      onEvent(body);
      return event;
    };
    const { log } = context;
    return trainRun({
      ...context,
      openEngine,
      log: {
        append,
        sync: () => log.sync(),
        close: () => log.close(),
        get lastSeq() {
          return log.lastSeq;
        },
        get last() {
          return log.last;
        },
      },
    });
  };
  const code = await startAttempt({ folder, attempt: 1, nonce: 'n', env: {}, print: () => undefined, work }).finished;
  return { folder, code, events: readEvents(folder) };
}

it('fails with its reason when memory runs out later, and its last checkpoint loads', async () => {
  let saved = 0;
  const { folder, code, events } = await train(['train.epochs=1000'], ({ type }) => {
    if (type !== 'checkpoint' || ++saved !== 3) return;
    // From here on the engine has room for what it holds and not for a step more: a new guard counts from now.
    guardMemory(tf.backend() as unknown as WasmBackend, 1000);
  });
  expect(code).toBe(exitCodes.failed);
  expect(events.at(-1)).toMatchObject({
    state: 'failed',
    reason: expect.stringMatching(/^The wasm engine has room for .* more were asked for\. Lower train\.batch_size/),
  });
  expect(eventsOf(events, 'log').at(-1)?.message).toMatch(/^out_of_memory: /);
  const last = eventsOf(events, 'checkpoint').findLast(({ name }) => name === 'last');
  const stored = await readCheckpoint(join(folder, 'checkpoints'), 'last');
  expect(stored?.manifest.step).toBe(last?.step);
  if (stored === null) throw new Error('no checkpoint last');
  expect(decodeCheckpoint(stored.files).weights.length).toBeGreaterThan(0);
});

it('shows a leak as an alert while training goes on', async () => {
  const held: tf.Tensor[] = [];
  const { code, events } = await train(['train.epochs=5'], (body) => {
    if (body.type === 'metric' && body.values['val.loss'] !== undefined) held.push(tf.zeros([256]));
  });
  expect(code).toBe(exitCodes.completed);
  expect(eventsOf(events, 'log').filter(({ alert }) => alert)).toEqual([
    expect.objectContaining({
      level: 'warn',
      message: expect.stringMatching(/^Tensors are leaking: .*\+1 and 1\.02 kB an epoch/),
    }),
  ]);
});

it('raises no alert in a sound training, and measures its memory after the first epoch', async () => {
  const { code, events } = await train(['train.epochs=5'], () => undefined);
  expect(code).toBe(exitCodes.completed);
  expect(eventsOf(events, 'log').filter(({ alert }) => alert)).toEqual([]);
  const reports = eventsOf(events, 'system').flatMap(({ memory, step }) => (memory ? [{ ...memory, step }] : []));
  expect(reports).toHaveLength(2);
  const epoch = eventsOf(events, 'metric').find(({ values }) => values['val.loss'] !== undefined)?.step;
  expect(reports[0]).toMatchObject({ of: 'tensors', step: epoch });
  expect(reports[0].peak).toBeGreaterThan(1e5);
  expect(eventsOf(events, 'log').filter(({ message }) => message.startsWith('Memory: '))).toHaveLength(1);
});
