import type { z } from 'zod';
import type { Issue } from '#core/error.ts';
import type { LossTerm } from '#core/losses/registry.ts';
import { complete } from './complete.ts';
import { type Config, type ConfigGroups, configSchema, type Group } from './config.ts';
import { type Document, isMap, ownValue } from './document.ts';
import { toIssues } from './issues.ts';

/**
 * A complete configuration as a person writes it and as files and the API show it. Paths of overrides, issues, diffs and
 * form fields are its keys.
 */
type ConfigFile = Readonly<Omit<Config, 'loss'>> & {
  /** Task name → its loss, and `weights`. */
  readonly loss: Readonly<Record<string, LossTerm | Readonly<Record<string, number>>>>;
};

interface ParsedConfig {
  /** null when there are issues. */
  readonly config: Config | null;
  /** The losses are null as well where the tasks that they are of cannot be read. */
  readonly groups: ConfigGroups;
  readonly issues: readonly Issue[];
}

/**
 * Reads a whole or partial configuration in the form of files. Checks each key on its own; checkConfig compares keys.
 */
export function parseConfig(value: unknown): ParsedConfig {
  const document = isMap(value) ? complete(value) : value;
  const parsed = configSchema.safeParse(document);
  if (!parsed.success) return { config: null, groups: parseGroups(document), issues: toIssues(parsed.error, document) };
  const config = toConfig(parsed.data);
  return { config, groups: config, issues: [] };
}

function parseGroups(document: unknown): ConfigGroups {
  const { data, features, targets, model, loss, train } = configSchema.shape;
  const parse = <Value>(schema: z.ZodType<Value>, group: Group) =>
    schema.safeParse(ownValue(document, group)).data ?? null;
  const tasks = parse(targets, 'targets');
  const losses = tasks && parse(loss, 'loss');
  return {
    data: parse(data, 'data'),
    features: parse(features, 'features'),
    targets: tasks,
    model: parse(model, 'model'),
    loss: losses && toLoss(losses),
    train: parse(train, 'train'),
  };
}

function toConfig({ loss, ...groups }: z.output<typeof configSchema>): Config {
  return { ...groups, loss: toLoss(loss) };
}

function toLoss({ weights, ...terms }: z.output<typeof configSchema>['loss']): Config['loss'] {
  return { terms, weights };
}

/** The form in which a configuration is written. */
export function toFile({ loss: { terms, weights }, ...groups }: Config): ConfigFile {
  const { train, ...before } = groups;
  return { ...before, loss: { ...terms, weights }, train };
}

/** A configuration in the form of files with every key of this version, whichever wrote it; what is none stays as it is. */
export function completeFile(document: Document): Document {
  const { config } = parseConfig(document);
  return config === null ? document : toFile(config);
}
