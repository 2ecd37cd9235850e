/**
 * The trainer process: trains one attempt of one run in its folder and ends. It knows neither HTTP nor a database; its
 * command line names run, attempt and start, so that whoever finds it knows what it is.
 *
 * Exit codes: 0 completed, 2 failed, 3 cancelled, 4 the disk is full and took no last word, 5 interrupted (a signal that
 * nobody asked for, a full disk, a lost device), 64 wrong arguments, 75 another process has the run.
 */
import { enableCompileCache } from 'node:module';
import { exitCodes } from '#core/run/exit-code.ts';
import { outliveTerminal } from '#trainer/terminal.ts';

// TensorFlow.js and Zod are large: compiled code kept from the last start spares a quarter of a second before the
// first step. It must be on before they are imported, hence the imports below.
enableCompileCache();

outliveTerminal();

// From the first moment: a signal while modules are imported would else end the process without a word.
const early: NodeJS.Signals[] = [];
let onSignal = (signal: NodeJS.Signals): void => void early.push(signal);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => onSignal(signal));

const [{ parseTrainerArguments, usage }, { startAttempt }] = await Promise.all([
  import('./arguments.ts'),
  import('./attempt.ts'),
]);

const parsed = parseTrainerArguments(process.argv.slice(2));
if ('problem' in parsed) {
  process.stderr.write(`${parsed.problem}\n${usage}\n`);
  process.exit(exitCodes.usage);
}

/** With DEBUG=stages, trainer.log says when each stage began: time since the process started, and processor time. */
const stage = process.env['DEBUG']?.includes('stages')
  ? (name: string) => {
      const { user, system } = process.cpuUsage();
      const [wall, cpu] = [performance.now(), (user + system) / 1000].map(Math.round);
      process.stderr.write(`${wall} ms (${cpu} ms of CPU): ${name}\n`);
    }
  : undefined;
const attempt = startAttempt({ ...parsed, env: process.env, ...(stage ? { stage } : {}) });
onSignal = (signal) => attempt.interrupt(signal);
early.forEach(onSignal);
process.on('uncaughtException', (error) => process.exit(attempt.fail(error)));
process.on('unhandledRejection', (error) => process.exit(attempt.fail(error)));
process.exit(await attempt.finished);
