interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock under a test's hand, and what waits for it. */
export class FakeClock {
  /** Ms since the test began. */
  now = 0;
  timers: readonly Timer[] = [];

  /** Calls back after `ms`; returns what cancels it. */
  wait = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.now + ms, run };
    this.timers = [...this.timers, timer];
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  };

  /** Goes on to the next timer that is due until then, and runs it; false where there is none. */
  runNext(until: number): boolean {
    const [next] = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    if (!next) return false;
    this.now = Math.max(this.now, next.at);
    this.timers = this.timers.filter((timer) => timer !== next);
    next.run();
    return true;
  }

  /** Lets time pass, and with it all that waits. */
  pass(ms: number): void {
    const end = this.now + ms;
    while (this.runNext(end));
    this.now = end;
  }
}
