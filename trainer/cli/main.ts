import { CommanderError } from 'commander';
import { AppError } from '#core/error.ts';
import { readSettings } from '#trainer/settings/settings.ts';
import { type Confirm, confirmOnTerminal } from './confirm.ts';
import { type Output, terminalOutput } from './output.ts';
import { issueLine } from './issue-line.ts';
import { createProgram } from './program.ts';

/** The `almanac` command. Answers the exit code: 0 done, 1 not done, 2 wrong use, 130 after Ctrl+C. */
export async function main(
  args: readonly string[],
  output: Output = terminalOutput(),
  env: NodeJS.ProcessEnv = process.env,
  confirm: Confirm = confirmOnTerminal,
): Promise<number> {
  let code = 0;
  const program = createProgram({
    output,
    env,
    confirm,
    settings: () => {
      const settings = readSettings(env);
      // Engines are tested, and trainers started, from this process.
      Object.assign(process.env, settings.engineVariables);
      return settings;
    },
    end: (given) => {
      code = given;
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof AppError)) return explainFault(error, output);
    output.note(`almanac: ${error.message}`);
    for (const issue of error.issues.slice(1)) output.note(`  ${issueLine(issue)}`);
    return error.code === 'invalid_request' || error.code === 'invalid_filter' ? 2 : 1;
  }
}

/** A mistake of ours: all that helps to find it. */
function explainFault(error: unknown, output: Output): number {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of text.split('\n')) output.note(line);
  return 1;
}
