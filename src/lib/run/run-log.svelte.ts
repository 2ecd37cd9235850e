import type { LogsAnswer } from '#core/api/run-answers.ts';

export type LogLine = LogsAnswer['lines'][number];

/**
 * The newest lines of a run's log, `limit` of them and as many as were asked for besides. Those that fall out at the front
 * can be read again.
 */
export class RunLog {
  #limit: number;
  #lines = $state.raw<readonly LogLine[]>([]);
  #hasEarlier = $state(false);

  constructor(limit = 5000) {
    this.#limit = limit;
  }

  /** Oldest first. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }
  /** Whether the run has lines before the first of these. */
  get hasEarlier(): boolean {
    return this.#hasEarlier;
  }

  /** Adds lines behind those there are. */
  add(lines: readonly LogLine[]): void {
    this.#lines = [...this.#lines, ...lines];
    // Cut a tenth at once, so that a long log does not shift its array with every line.
    if (this.#lines.length > this.#limit * 1.1) {
      this.#hasEarlier = true;
      this.#lines = this.#lines.slice(-this.#limit);
    }
  }

  /** Puts lines in front of those there are, which somebody wants to read. */
  addEarlier(lines: readonly LogLine[], hasEarlier: boolean): void {
    const first = this.#lines[0]?.seq ?? Infinity;
    this.#lines = [...lines.filter(({ seq }) => seq < first), ...this.#lines];
    this.#limit += lines.length;
    this.#hasEarlier = hasEarlier;
  }
}
