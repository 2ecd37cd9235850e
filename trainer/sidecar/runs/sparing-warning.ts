export type Warn = (message: string, error: unknown) => void;

/** Says the same thing once in `every` ms: what fails at every look would else fill the terminal. */
export function warnSparingly(warn: Warn, every: number): Warn {
  let last = { message: '', at: 0 };
  return (message, error) => {
    const at = Date.now();
    if (last.message === message && at - last.at < every) return;
    last = { message, at };
    warn(message, error);
  };
}
