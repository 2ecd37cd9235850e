import { toEventNumber } from '#core/run/event.ts';
import type { Engine } from '#trainer/ml/engine/engine.ts';
import type { TrainingHooks } from '#trainer/ml/training-state.ts';
import type { Control } from './control.ts';
import type { EventLog } from './event-log.ts';

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
): TrainingHooks {
  return {
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
      const { bytes, sha256 } = await save(name, state);
      const { step, epoch } = state;
      const value = toEventNumber(metric.value);
      log.append({ type: 'checkpoint', name, step, epoch, metric: metric.name, value, bytes, sha256 });
      log.sync();
    },
    control: () => control.poll(),
    paused(paused) {
      const { name, device } = engine;
      log.append({ type: 'status', ...(paused ? { state: 'paused' } : { state: 'running', engine: name, device }) });
    },
  };
}
