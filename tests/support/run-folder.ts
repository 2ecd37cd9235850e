import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireConfig } from '#core/config/compile.ts';
import { writeConfig } from '#core/config/yaml.ts';
import { isFinal, isSettled } from '#core/run/state.ts';
import { type DeliveredEvent, eventSchema, type EventOf, type RunEvent } from '#core/run/event.ts';

/**
 * Overrides for a run of the built-in market with a small model: an epoch takes about a tenth of a second, so that what
 * happens to it from outside falls into all of its parts, and each epoch is saved. Add `train.epochs`.
 */
export const smallRun: readonly string[] = [
  'data.source="sample://market?seed=7&bars=3000&step=1h"',
  'features.timeframes={1h:{log_return:{},rsi:{}}}',
  'model.lookback=16',
  'train.batch_size=128',
  'train.early_stopping=null',
  'train.checkpoint_every=0',
  'train.engine=wasm',
];

/** Makes `<home>/runs/<id>` with the frozen configuration that the overrides give, and answers its path. */
export function makeRunFolder(home: string, id: string, overrides: readonly string[] = []): string {
  const folder = join(home, 'runs', id);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(home, 'notebooks'), { recursive: true });
  writeFileSync(join(folder, 'config.yaml'), writeConfig(requireConfig({ overrides }).config));
  return folder;
}

/**
 * All events of a run. Throws where the log breaks its promise: a line that is no event, a seq that is not one more
 * than the one before, a torn end, or anything after the end of an attempt but the next one.
 */
export function readEvents(folder: string): RunEvent[] {
  const text = readFileSync(join(folder, 'events.jsonl'), 'utf8');
  if (text !== '' && !text.endsWith('\n')) throw new Error('events.jsonl ends with a torn line');
  const events = text
    .split('\n')
    .slice(0, -1)
    .map((line) => eventSchema.parse(JSON.parse(line)));
  events.forEach(({ seq }, i) => {
    if (seq !== i + 1) throw new Error(`event ${i + 1} has seq ${seq}`);
  });
  events.forEach((event, i) => {
    if (event.type !== 'status' || !isSettled(event.state) || i === events.length - 1) return;
    const next = events[i + 1];
    const isResumed = next.type === 'status' && next.state === 'queued' && next.attempt > event.attempt;
    if (isFinal(event.state) || !isResumed) throw new Error(`events after the end of attempt ${event.attempt}`);
  });
  return events;
}

/** An event as a stream delivers it while the test is sealed. */
export function asDelivered(event: RunEvent): DeliveredEvent {
  if (event.type !== 'result' || event.split !== 'test') return event;
  const { seq, at, attempt, type, split } = event;
  return { seq, at, attempt, type, split, sealed: true };
}

/** The events of one type. */
export function eventsOf<Type extends RunEvent['type']>(events: readonly RunEvent[], type: Type): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

/** sha256 of every file under the folder that is a function of configuration and seed: equal for equal training. */
export function resultDigests(folder: string): Record<string, string> {
  const digest = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
  const files = readdirSync(join(folder, 'checkpoints')).flatMap((name) =>
    ['weights.bin', 'optimizer.bin', 'model.json', 'scaler.json'].map((file) => join('checkpoints', name, file)),
  );
  return Object.fromEntries([...files, 'predictions.csv', 'predictions-test.csv'].map((file) => [file, digest(file)]));
}
