export type Warn = (message: string, error: unknown) => void;

/** Repeats the same warning at most once in `every` ms: a failure in every round would otherwise fill the terminal. */
export function warnSparingly(warn: Warn, every: number, clock: () => number = () => performance.now()): Warn {
  let last = { message: '', at: 0 };
  return (message, error) => {
    const at = clock();
    if (last.message === message && at - last.at < every) return;
    last = { message, at };
    warn(message, error);
  };
}
