import type { RunView } from '#core/run/reduce.ts';
import { stalledAfter } from '#core/run/stalled.ts';

/** The last word of a trainer as it came here. */
interface Heard {
  readonly seq: number;
  /** Ms of a clock that never steps. */
  readonly at: number;
  /** Whether words are to be expected: a run that reads its data, or is paused, may be silent. */
  readonly isRunning: boolean;
  /** ISO time, for display. */
  readonly shown: string;
  /** Whether it was stalled when it was last looked at. */
  isStalled: boolean;
}

/** Which trainers at work have gone silent, by the arrival of their events and not by the times written in them. */
export class Silences {
  readonly #heard = new Map<string, Heard>();
  readonly #clock: () => number;
  readonly #now: () => Date;

  /** @param clock ms, monotonic; @param now what is shown. */
  constructor(clock: () => number, now: () => Date) {
    this.#clock = clock;
    this.#now = now;
  }

  /** Looks at how far the log of a run has come. True where it has gone silent since the last look, or speaks again. */
  look(id: string, { lastSeq, status }: Pick<RunView, 'lastSeq' | 'status'>): boolean {
    const before = this.#heard.get(id);
    const wasStalled = before?.isStalled ?? false;
    if (before?.seq !== lastSeq) {
      const [at, shown] = [this.#clock(), this.#now().toISOString()];
      this.#heard.set(id, { seq: lastSeq, at, shown, isRunning: status === 'running', isStalled: false });
      return wasStalled;
    }
    before.isStalled = this.since(id) !== null;
    return before.isStalled !== wasStalled;
  }

  /** When a run said its last word, as ISO time; null where it is not stalled. */
  since(id: string): string | null {
    const heard = this.#heard.get(id);
    if (heard === undefined || !heard.isRunning) return null;
    return this.#clock() - heard.at < stalledAfter ? null : heard.shown;
  }

  forget(id: string): void {
    this.#heard.delete(id);
  }
}
