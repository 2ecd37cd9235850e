import { AppError } from '#core/error.ts';
import { readSettings } from '#trainer/env.ts';
import { doctorCommand, parseDoctorArguments } from './doctor.ts';
import { type Output, terminalOutput } from './output.ts';
import { parseForkArguments, parseRunArguments, runCommand } from './run.ts';
import { cancelCommand, forkCommand, lsCommand, reindexCommand, showCommand } from './runs.ts';
import { programVersion, usage } from './usage.ts';

/** The `almanac` command. Answers the exit code. */
export async function main(args: readonly string[], output: Output = terminalOutput()): Promise<number> {
  const [command, ...rest] = args;
  const json = rest.includes('--json');
  const words = rest.filter((word) => word !== '--json');
  try {
    if (command === undefined) {
      output.note(usage);
      return 2;
    }
    if (command === 'help' || args.includes('--help') || args.includes('-h')) {
      output.print(usage);
      return 0;
    }
    if (command === '--version' || command === '-v') {
      output.print(programVersion());
      return 0;
    }
    const settings = readSettings();
    switch (command) {
      case 'run':
        return await runCommand(settings, parseRunArguments(rest), output);
      case 'ls':
        return await lsCommand(settings, json, output);
      case 'show':
        return await showCommand(settings, requireId(words, command), output);
      case 'cancel':
        return await cancelCommand(settings, requireId(words, command), output);
      case 'fork':
        return await forkCommand(settings, parseForkArguments(rest), output);
      case 'reindex':
        return await reindexCommand(settings, output);
      case 'doctor':
        return await doctorCommand(settings, parseDoctorArguments(rest), output);
      default:
        output.note(`almanac: unknown command ${JSON.stringify(command.slice(0, 40))}\n\n${usage}`);
        return 2;
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    output.note(`almanac: ${error.message}`);
    for (const { path, message } of error.issues.slice(1)) output.note(`  ${path}: ${message}`);
    return error.code === 'invalid_request' ? 2 : 1;
  }
}

function requireId(words: readonly string[], command: string): string {
  const [id] = words;
  if (id !== undefined) return id;
  throw new AppError('invalid_request', `usage: almanac ${command} <id>`);
}
