import { createInterface } from 'node:readline/promises';

/** Asks a person whether to go on: yes, no, or null where there is no terminal to ask on. */
export type Confirm = (question: string) => Promise<boolean | null>;

/** Asks on the terminal, in standard error: results alone go to standard output. Anything but y and yes is no. */
export const confirmOnTerminal: Confirm = async (question) => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // A terminal that is closed answers nothing.
    const closed = new Promise<string>((done) => terminal.once('close', () => done('')));
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
};
