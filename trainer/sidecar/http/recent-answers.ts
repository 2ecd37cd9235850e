interface Kept<Answer> {
  readonly answer: Answer;
  readonly bytes: number;
  /** Of what it was made from; null where that is not known. */
  readonly state: string | null;
}

/** The answers asked for last, as many as have room in memory, and the newest whatever its size. */
export class RecentAnswers<Answer> {
  readonly #maxBytes: number;
  /** The one used longest ago first. */
  readonly #kept = new Map<string, Kept<Answer>>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  find(key: string): Answer | undefined {
    return this.#kept.get(key)?.answer;
  }

  /** The answer, where what it was made from is as it was. */
  findSame(key: string, state: string | null): Answer | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined || state === null || kept.state !== state) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.answer;
  }

  put(key: string, kept: Kept<Answer>): void {
    this.#drop(key);
    this.#kept.set(key, kept);
    this.#bytes += kept.bytes;
    for (const old of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes || old === key) return;
      this.#drop(old);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}
