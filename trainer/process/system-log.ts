import { formatBytes } from '#core/bytes.ts';
import { type MemoryReport, peakWords } from '#core/run/memory-report.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import type { SystemReading } from '#trainer/engines/telemetry.ts';
import type { TrainingHooks } from '#trainer/ml/training-state.ts';
import type { EventLog } from '#trainer/run-folder/event-log.ts';
import { LeakWatch } from './leak-watch.ts';
import { MemoryPeak } from './memory-peak.ts';

interface SystemLogParts {
  readonly log: Pick<EventLog, 'append'>;
  readonly engine: Pick<Engine, 'name' | 'peakBytes'>;
  readonly read: () => SystemReading;
}

/**
 * Writes the `system` events of an attempt, each with the step it was read at. At the end of every epoch it checks for
 * leaks, and after the first it compares the memory estimate with what was measured.
 */
export class SystemLog {
  readonly #log: SystemLogParts['log'];
  readonly #read: SystemLogParts['read'];
  readonly #peak: MemoryPeak;
  readonly #leaks = new LeakWatch();
  #step: number | undefined;
  #note: string | undefined;
  #estimated: number | null = null;
  #isCompared = false;

  constructor({ log, engine, read }: SystemLogParts) {
    this.#log = log;
    this.#read = read;
    this.#peak = new MemoryPeak(engine);
  }

  /** One `system` event now. */
  report(): void {
    this.#append();
  }

  /** Training has ended: what is read from now on belongs to no step. */
  endTraining(): void {
    this.#step = undefined;
  }

  /** The last reading, with the peak of the whole attempt. */
  reportEnd(): void {
    this.#append(this.#read(), this.#memory());
  }

  /** Bytes that training is expected to need. */
  expect(bytes: number): void {
    this.#estimated = bytes;
  }

  /** The same hooks, which also tell this log how far training has come. */
  watch(hooks: TrainingHooks): TrainingHooks {
    return {
      ...hooks,
      metric: (step, epoch, values) => {
        this.#step = step;
        hooks.metric(step, epoch, values);
        if (values['val.loss'] !== undefined) this.#endEpoch(epoch);
      },
    };
  }

  #endEpoch(epoch: number): void {
    const reading = this.#read();
    const leaks = this.#leaks.mark(epoch, reading);
    for (const message of leaks) this.#log.append({ type: 'log', level: 'warn', message, alert: true });
    if (this.#isCompared) return;
    this.#isCompared = true;
    this.#peak.add(reading);
    const memory = this.#memory();
    if (memory === undefined) return;
    this.#append(reading, memory);
    this.#log.append({ type: 'log', level: 'info', message: describeMemory(memory) });
  }

  #memory(): MemoryReport | undefined {
    return this.#estimated === null ? undefined : { estimated: this.#estimated, ...this.#peak.measured };
  }

  #append({ gpuNote, ...reading } = this.#read(), memory?: MemoryReport): void {
    this.#peak.add(reading);
    const isNews = gpuNote !== this.#note;
    this.#note = gpuNote;
    this.#log.append({
      type: 'system',
      ...(this.#step === undefined ? {} : { step: this.#step }),
      ...reading,
      ...(isNews && gpuNote !== undefined ? { gpuNote } : {}),
      ...(memory === undefined ? {} : { memory }),
    });
  }
}

function describeMemory({ estimated, peak, of }: MemoryReport): string {
  const sizes = `${formatBytes(estimated)} estimated, ${formatBytes(peak)} measured at the peak of the first epoch`;
  return `Memory: ${sizes} (${peakWords[of]}).`;
}
