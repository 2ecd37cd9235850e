import { type EventNumber, toEventNumber } from '#core/run/event.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import type { TrainingHooks } from '#trainer/ml/training-state.ts';
import type { Control } from '#trainer/run-folder/control.ts';
import type { EventLog } from '#trainer/run-folder/event-log.ts';
import { SpacedSaves } from './spaced-saves.ts';

/** Numbers as events hold them. */
export function toEventNumbers(values: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toEventNumber(value)]));
}

type Checkpoint = TrainingHooks['checkpoint'];

interface EventHookOptions {
  readonly log: EventLog;
  readonly control: Control;
  readonly engine: Pick<Engine, 'name' | 'device'>;
  /** Saves a checkpoint; answers its size and digest. */
  readonly save: (name: string, state: Parameters<Checkpoint>[1]) => Promise<{ bytes: number; sha256: string }>;
  /** Seconds between two saves of `last`, and of `best`. */
  readonly checkpointEvery: number;
}

/** What training reports, as events of `log`. */
export function createEventHooks({ log, control, engine, save, checkpointEvery }: EventHookOptions): TrainingHooks & {
  /** Saves what waits, and resolves when it is on the disk and in the log; rejects with what saving it failed with. */
  readonly settle: () => Promise<void>;
} {
  const saves = new SpacedSaves(checkpointEvery);
  /** What was measured at the end of the newest epoch. */
  let ofEpoch: { readonly step: number; readonly values: Readonly<Record<string, EventNumber>> } = {
    step: 0,
    values: {},
  };
  return {
    settle: () => saves.settle(),
    metric(step, epoch, numbers) {
      const values = toEventNumbers(numbers);
      log.append({ type: 'metric', step, epoch, values });
      if (Number.isInteger(epoch))
        ofEpoch = { step, values: ofEpoch.step === step ? { ...ofEpoch.values, ...values } : values };
    },
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
      const { step, epoch } = state;
      const about = { name, step, epoch, metric: metric.name, value: toEventNumber(metric.value) };
      const values = name === 'best' && ofEpoch.step === step ? { values: ofEpoch.values } : {};
      const write = async () => {
        log.append({ type: 'checkpoint', ...about, ...(await save(name, state)), ...values });
        log.sync();
      };
      // What a person asked for is on the disk before anything else happens to the run.
      if (name === 'best' || name === 'last') await saves.save(name, write);
      else await saves.saveNow(write);
    },
    control: () => control.poll(),
    paused(paused) {
      const { name, device } = engine;
      log.append({ type: 'status', ...(paused ? { state: 'paused' } : { state: 'running', engine: name, device }) });
      if (paused) saves.flush();
    },
  };
}
