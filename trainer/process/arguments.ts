import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface TrainerArguments {
  /** Absolute path of the run's folder. */
  readonly folder: string;
  /** From 1. */
  readonly attempt: number;
  /** Random name that whoever started the process gave it. */
  readonly nonce: string;
}

export const usage = 'usage: node trainer/process/main.ts --run <folder> --attempt <n> --nonce <text>';

/** Arguments of the trainer process, or what is wrong with them. */
export function parseTrainerArguments(argv: readonly string[]): TrainerArguments | { readonly problem: string } {
  try {
    const options = { run: { type: 'string' }, attempt: { type: 'string' }, nonce: { type: 'string' } } as const;
    const { values } = parseArgs({ args: [...argv], options, strict: true });
    const attempt = Number(values.attempt);
    if (!values.run) return { problem: '--run is missing: expected the folder of a run.' };
    if (!Number.isInteger(attempt) || attempt < 1)
      return { problem: `--attempt is ${values.attempt ?? 'missing'}: expected a whole number from 1.` };
    if (!values.nonce) return { problem: '--nonce is missing: expected any text that names this start.' };
    return { folder: isAbsolute(values.run) ? values.run : resolve(values.run), attempt, nonce: values.nonce };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
