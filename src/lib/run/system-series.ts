import { type EventOf, fromEventNumber } from '#core/run/event.ts';
import type { MetricColumn } from '#core/run/series.ts';
import { thinRows } from '#core/chart/thin-rows.ts';
import { type SystemKey, systemReadings, systemThinning } from '#core/run/system-readings.ts';

type SystemEvent = EventOf<'system'>;

/** Readings that are held at most; a day has 43,200 of them. */
const most = 4000;

/**
 * Readings of the trainer's machine, more of which than a picture shows are thinned. After a resume steps repeat: of one step those of the highest attempt count, as with
 * metrics.
 */
export class SystemSeries {
  #events: SystemEvent[] = [];
  #note: string | null = null;
  #latest: SystemEvent | null = null;
  /** That of the newest reading with a step. */
  #attempt = 0;

  /** The newest reading. */
  get latest(): SystemEvent | null {
    return this.#latest;
  }
  /** What of the GPU cannot be read, in a sentence, as it was last told. */
  get gpuNote(): string | null {
    return this.#note;
  }
  /** Whether any reading was taken while training and knows its step; those of older runs know only their time. */
  get hasSteps(): boolean {
    return this.#events.some(({ step }) => step !== undefined);
  }

  add(event: SystemEvent): void {
    const { step, attempt } = event;
    // Only the first reading with a step of a new attempt can go back behind those of the last one.
    if (step !== undefined && attempt !== this.#attempt) {
      this.#attempt = attempt;
      this.#events = this.#events.filter((old) => old.step === undefined || old.step < step);
    }
    this.#latest = event;
    this.#note = event.gpuNote ?? this.#note;
    this.#events.push(event);
    if (this.#events.length > most) this.#events = [...thinRows(this.#events, most / 2, systemThinning)];
  }

  /** A column; empty where it was never read. Readings from before and after training have no step, NaN. */
  column(key: SystemKey, onlyTrained: boolean): Pick<MetricColumn, 'step' | 'time' | 'value'> {
    const known = this.#events.flatMap((event) => {
      const value = systemReadings[key](event);
      if (value === undefined || (onlyTrained && event.step === undefined)) return [];
      return [{ step: event.step ?? NaN, time: Date.parse(event.at), value: fromEventNumber(value) }];
    });
    return {
      step: Float64Array.from(known, ({ step }) => step),
      time: Float64Array.from(known, ({ time }) => time),
      value: Float64Array.from(known, ({ value }) => value),
    };
  }
}
