import type { Indicator } from './indicator.ts';
import { logReturn } from './log-return.ts';

/** Every indicator a notebook can name. To add one: its file, and a line here. */
export const indicators = [logReturn] as const satisfies readonly Indicator<never>[];

/** Finds an indicator by its YAML key. */
export function findIndicator(name: string): Indicator | undefined {
  return (indicators as readonly Indicator<never>[]).find((indicator) => indicator.name === name) as
    | Indicator
    | undefined;
}
