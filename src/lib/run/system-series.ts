import { type EventOf, fromEventNumber } from '#core/run/event.ts';

type SystemEvent = EventOf<'system'>;

/** Readings of the trainer's machine over time, as columns that grow. */
export class SystemSeries {
  /** ms UTC of each reading. */
  readonly time: number[] = [];
  /** Percent of one core. */
  readonly cpu: number[] = [];
  /** Resident bytes. */
  readonly rss: number[] = [];
  readonly tensorBytes: number[] = [];
  /** Percent and bytes; NaN at readings without a GPU. */
  readonly gpuUtil: number[] = [];
  readonly gpuMemory: number[] = [];
  #latest: SystemEvent | null = null;

  /** The newest reading, with what is not drawn as a curve. */
  get latest(): SystemEvent | null {
    return this.#latest;
  }
  get hasGpu(): boolean {
    return this.gpuUtil.some((value) => !Number.isNaN(value));
  }

  add(event: SystemEvent): void {
    this.#latest = event;
    this.time.push(Date.parse(event.at));
    this.cpu.push(fromEventNumber(event.cpu));
    this.rss.push(event.rss);
    this.tensorBytes.push(event.tensorBytes);
    this.gpuUtil.push(event.gpu ? fromEventNumber(event.gpu.util) : NaN);
    this.gpuMemory.push(event.gpu ? fromEventNumber(event.gpu.memUsed) : NaN);
  }
}
