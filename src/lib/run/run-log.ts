import type { EventOf } from '#core/run/event.ts';

export type LogLevel = EventOf<'log'>['level'];
export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

interface LogLine {
  readonly seq: number;
  readonly at: string;
  readonly attempt: number;
  readonly level: LogLevel;
  readonly message: string;
}

/** The newest lines of a run's log, at most `limit`; `dropped` counts those that fell out at the front. */
export class RunLog {
  readonly #limit: number;
  #lines: LogLine[] = [];
  #dropped = 0;

  constructor(limit = 5000) {
    this.#limit = limit;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }
  get dropped(): number {
    return this.#dropped;
  }

  add({ seq, at, attempt, level, message }: EventOf<'log'>): void {
    this.#lines.push({ seq, at, attempt, level, message });
    // Cut a tenth at once, so that a long log does not shift its array with every line.
    if (this.#lines.length > this.#limit * 1.1) {
      this.#dropped += this.#lines.length - this.#limit;
      this.#lines = this.#lines.slice(-this.#limit);
    }
  }
}
