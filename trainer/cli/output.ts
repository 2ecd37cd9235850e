import { toVisible } from './visible.ts';

/**
 * Where the command line writes: results to standard output, everything else to standard error. All of it passes here,
 * and nothing that comes from a file or a run can give the terminal an order; a line stays one line.
 */
export interface Output {
  print(line: string): void;
  /** A value as JSON on several lines. */
  json(value: unknown): void;
  /** Fields for a program, with tabs between them. */
  row(fields: readonly string[]): void;
  note(line: string): void;
  /** Replaces the progress line, where there is a terminal to replace it on. */
  progress(line: string): void;
  /** Columns of the terminal that results go to; null where they go to a file or another program. */
  readonly columns: number | null;
}

interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function terminalOutput(
  out: Stream = process.stdout,
  notes: Stream = process.stderr,
  now: () => number = Date.now,
): Output {
  let open = false;
  let last = 0;
  const end = () => {
    if (open) notes.write('\n');
    open = false;
  };
  const print = (line: string) => {
    end();
    out.write(`${toVisible(line)}\n`);
  };
  return {
    columns: out.isTTY === true ? (out.columns ?? 80) : null,
    print,
    json(value) {
      // Line breaks in it are those of the layout: JSON has none in a string.
      for (const line of JSON.stringify(value, null, 2).split('\n')) print(line);
    },
    row(fields) {
      out.write(`${fields.map(toVisible).join('\t')}\n`);
    },
    note(line) {
      end();
      notes.write(`${toVisible(line)}\n`);
    },
    progress(line) {
      if (notes.isTTY === true) {
        notes.write(`\r\u001b[2K${toVisible(line).slice(0, (notes.columns ?? 120) - 1)}`);
        open = true;
        return;
      }
      // In a file a line now and then is enough.
      if (now() - last < 5000) return;
      last = now();
      notes.write(`${toVisible(line)}\n`);
    },
  };
}
