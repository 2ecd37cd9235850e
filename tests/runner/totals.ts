/** What was counted so far, a static check as one test. */
export class Totals {
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  add({ passed = 0, failed = 0, skipped = 0 }: { passed?: number; failed?: number; skipped?: number }): void {
    this.#passed += passed;
    this.#failed += failed;
    this.#skipped += skipped;
  }

  /** Nothing failed, and there was something that could have. */
  get good(): boolean {
    return this.#failed === 0 && this.#passed + this.#skipped > 0;
  }

  toString(): string {
    return `totals: ${this.#passed} passed, ${this.#failed} failed, ${this.#skipped} skipped`;
  }
}
