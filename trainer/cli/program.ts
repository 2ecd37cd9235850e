import { Command } from 'commander';
import type { CommandLine } from './command-line.ts';
import { addCache } from './commands/cache.ts';
import { addCancel } from './commands/cancel.ts';
import { addCell } from './commands/cell.ts';
import { addCheck } from './commands/check.ts';
import { addCompletion } from './commands/completion.ts';
import { addConfig } from './commands/config.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEmptyBin } from './commands/empty-bin.ts';
import { addFork } from './commands/fork.ts';
import { addLogs } from './commands/logs.ts';
import { addLs } from './commands/ls.ts';
import { addNote } from './commands/note.ts';
import { addOpen } from './commands/open.ts';
import { addOpenTest } from './commands/open-test.ts';
import { addPause } from './commands/pause.ts';
import { addPlan } from './commands/plan.ts';
import { addReindex } from './commands/reindex.ts';
import { addResume } from './commands/resume.ts';
import { addRm } from './commands/rm.ts';
import { addRun } from './commands/run.ts';
import { addScores } from './commands/scores.ts';
import { addShow } from './commands/show.ts';
import { addValidate } from './commands/validate.ts';
import { programVersion } from './version.ts';
import { explainWrongUse } from './wrong-use.ts';

/** Every command, in the order of the help: a file each. */
const commands = [
  addRun,
  addPlan,
  addLs,
  addShow,
  addDiff,
  addScores,
  addLogs,
  addPause,
  addResume,
  addCancel,
  addFork,
  addNote,
  addRm,
  addEmptyBin,
  addOpen,
  addOpenTest,
  addValidate,
  addCell,
  addCheck,
  addConfig,
  addCache,
  addReindex,
  addDoctor,
  addCompletion,
];

const more = `
almanac <command> --help has the help of a command, with examples.

Runs are named by their number, R12 or 12, or by their id.

Overrides are Hydra's: train.epochs=5  model=large  +features.timeframes.1h.adx={}  ~features.timeframes.1h.macd

run and fork follow the run to its end. With --json they print nothing but the finished run, one JSON object as
"show --json" prints it. fork --from best starts from the weights of that checkpoint.

Ctrl+C stops the run at its next step, with a checkpoint "last"; a second Ctrl+C leaves at once while the run is still
being stopped. A run whose terminal is closed goes on: "almanac ls" finds it, and so does the page of npm start.

Exit code: 0 done (run, fork: the run completed; check: no sign of a leak), 1 not done, 2 wrong use, 130 after Ctrl+C.

Settings are variables (PORT, TRAINER_PORT, HOST, ALMANAC_HOME, ...) or lines of almanac.yaml: see almanac config.`;

/** The `almanac` command, ready to be given words. It ends no process: what commander refuses is thrown. */
export function createProgram(line: CommandLine): Command {
  const program = new Command('almanac')
    .description('Trains forecasting models that are declared in notebooks, and looks after their runs.')
    .usage('<command> [argument ...]')
    // Else the program would take -val.da, behind --sort of a command, for its own -v.
    .enablePositionalOptions()
    .version(programVersion(), '-v, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ subcommandTerm: (command) => [command.name(), ...argumentsOf(command)].join(' ') })
    .configureOutput({
      writeOut: (text) => writeLines(text, line.output.print),
      writeErr: (text) => writeLines(text, line.output.note),
      // Said by whoever catches what is thrown.
      outputError: () => undefined,
    })
    .addHelpText('after', more);
  for (const add of commands) add(program, line);
  for (const command of [program, ...program.commands]) {
    command.helpOption('-h, --help', 'print this help');
    command.exitOverride((error) => {
      throw explainWrongUse(error, command);
    });
  }
  return program;
}

function argumentsOf(command: Command): readonly string[] {
  return command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? ' ...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
}

function writeLines(text: string, write: (line: string) => void): void {
  for (const line of text.replace(/\n$/, '').split('\n')) write(line);
}
