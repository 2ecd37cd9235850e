/** Where the command line writes: results to standard output, everything else to standard error. */
export interface Output {
  print(line: string): void;
  note(line: string): void;
  /** Replaces the progress line, where there is a terminal to replace it on. */
  progress(line: string): void;
}

export function terminalOutput(
  out: { write(text: string): unknown } = process.stdout,
  notes: { write(text: string): unknown; isTTY?: boolean; columns?: number } = process.stderr,
  now: () => number = Date.now,
): Output {
  let open = false;
  let last = 0;
  const end = () => {
    if (open) notes.write('\n');
    open = false;
  };
  return {
    print(line) {
      end();
      out.write(`${line}\n`);
    },
    note(line) {
      end();
      notes.write(`${line}\n`);
    },
    progress(line) {
      if (notes.isTTY === true) {
        notes.write(`\r\u001b[2K${line.slice(0, (notes.columns ?? 120) - 1)}`);
        open = true;
        return;
      }
      // In a file a line now and then is enough.
      if (now() - last < 5000) return;
      last = now();
      notes.write(`${line}\n`);
    },
  };
}
