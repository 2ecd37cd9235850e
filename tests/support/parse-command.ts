import { terminalOutput } from '#trainer/cli/output.ts';
import { createProgram } from '#trainer/cli/program.ts';

const silent = { write: () => true };

/** What the action of a command is given for these words: its arguments, then its options. Nothing is done. */
export async function parseCommand(name: string, ...words: readonly string[]): Promise<readonly unknown[]> {
  const program = createProgram({
    output: terminalOutput(silent, silent),
    env: {},
    settings: () => {
      throw new Error('Parsing reads no settings.');
    },
    end: () => undefined,
    confirm: async () => null,
  });
  let given: readonly unknown[] = [];
  // The last argument of an action is the command itself.
  program.commands
    .find((command) => command.name() === name)
    ?.action((...all) => {
      given = all.slice(0, -1);
    });
  await program.parseAsync([name, ...words], { from: 'user' });
  return given;
}
