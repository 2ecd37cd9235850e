import type { Settings } from '#trainer/settings/settings.ts';
import type { Confirm } from './confirm.ts';
import type { Output } from './output.ts';

/** What every command is given. */
export interface CommandLine {
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly confirm: Confirm;
  /** The settings of this home, read when a command asks: help and completion need none. */
  settings(): Settings;
  /** Says the exit code of the command at work; 0 where it says none. */
  end(code: number): void;
}
