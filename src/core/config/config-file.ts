import type { z } from 'zod';
import type { Issue } from '#core/error.ts';
import type { LossTerm } from '#core/losses/registry.ts';
import { complete } from './complete.ts';
import { type Config, configSchema } from './config.ts';
import { isMap } from './document.ts';
import { toIssues } from './issues.ts';

/**
 * A complete configuration as a person writes it and as files and the API show it. Paths of overrides, issues, diffs and
 * form fields are its keys.
 */
type ConfigFile = Readonly<Omit<Config, 'loss'>> & {
  /** Task name → its loss, and `weights`. */
  readonly loss: Readonly<Record<string, LossTerm | Readonly<Record<string, number>>>>;
};

type ParsedConfig =
  | { readonly config: Config; readonly issues: readonly Issue[] }
  | { readonly config: null; readonly issues: readonly Issue[] };

/**
 * Reads a whole or partial configuration in the form of files. Checks each key on its own; checkConfig compares keys.
 */
export function parseConfig(value: unknown): ParsedConfig {
  const document = isMap(value) ? complete(value) : value;
  const parsed = configSchema.safeParse(document);
  if (!parsed.success) return { config: null, issues: toIssues(parsed.error, document) };
  return { config: toConfig(parsed.data), issues: [] };
}

function toConfig({ loss: { weights, ...terms }, ...groups }: z.output<typeof configSchema>): Config {
  return { ...groups, loss: { terms, weights } };
}

/** The form in which a configuration is written. */
export function toFile({ loss: { terms, weights }, ...groups }: Config): ConfigFile {
  const { train, ...before } = groups;
  return { ...before, loss: { ...terms, weights }, train };
}
