import { toEventNumber } from '#core/run/event.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import type { TrainingHooks } from '#trainer/ml/training-state.ts';
import type { Control } from '#trainer/run-folder/control.ts';
import type { EventLog } from '#trainer/run-folder/event-log.ts';

/** Numbers as events hold them. */
export function toEventNumbers(values: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toEventNumber(value)]));
}

/** What training reports, as events of `log`; checkpoints are saved by `save`, which answers size and digest. */
export function createEventHooks(
  log: EventLog,
  control: Control,
  engine: Pick<Engine, 'name' | 'device'>,
  save: (name: string, state: Parameters<TrainingHooks['checkpoint']>[1]) => Promise<{ bytes: number; sha256: string }>,
): TrainingHooks & { readonly settle: () => Promise<void> } {
  let saving: Promise<void> = Promise.resolve();
  let before: Promise<void> = saving;
  return {
    /** Waits until the last checkpoint is on the disk and in the log; rejects with what saving it failed with. */
    settle: () => saving,
    metric: (step, epoch, values) => void log.append({ type: 'metric', step, epoch, values: toEventNumbers(values) }),
    progress({ samplesPerSecond, etaSeconds, ...counts }) {
      log.append({
        type: 'progress',
        ...counts,
        samplesPerSecond: toEventNumber(samplesPerSecond),
        etaSeconds: toEventNumber(etaSeconds),
      });
    },
    log: (level, message) => void log.append({ type: 'log', level, message }),
    async checkpoint(name, state, metric) {
      // Training goes on while checkpoints are written. Two may wait, `best` and `last` of one epoch; a third waits for the
      // first, and hears what it failed with.
      await before;
      before = saving;
      const { step, epoch } = state;
      const value = toEventNumber(metric.value);
      saving = before.then(async () => {
        const { bytes, sha256 } = await save(name, state);
        log.append({ type: 'checkpoint', name, step, epoch, metric: metric.name, value, bytes, sha256 });
        log.sync();
      });
      // The next caller that waits gets the error; until then it must not count as an unhandled rejection.
      saving.catch(() => {});
      // What a person asked for is on the disk before anything else happens to the run.
      if (name !== 'best' && name !== 'last') await saving;
    },
    control: () => control.poll(),
    paused(paused) {
      const { name, device } = engine;
      log.append({ type: 'status', ...(paused ? { state: 'paused' } : { state: 'running', engine: name, device }) });
    },
  };
}
