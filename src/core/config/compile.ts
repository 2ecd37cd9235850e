import { AppError, type Issue } from '#core/error.ts';
import { expandAliases, resolveAlias } from './aliases.ts';
import { applyOverride } from './apply-override.ts';
import { checkConfig } from './checks.ts';
import { complete } from './complete.ts';
import { type Config, type ConfigGroups, type Group, groups } from './config.ts';
import { parseConfig } from './config-file.ts';
import { checkDocument, type Document, isMap, mergeDocuments } from './document.ts';
import { shown } from './expectation.ts';
import { maxIssues } from './issues.ts';
import { meantKey } from './json-schema.ts';
import { parseOverride } from './override.ts';

/** What a configuration is made of; each part wins over the one before it. */
interface ConfigParts {
  /** The `config` of a request, flat keys of the older dashboard allowed. */
  readonly config?: unknown;
  /** Values of a notebook's cells, as their YAML gives them. */
  readonly cells?: Readonly<Partial<Record<Group, unknown>>>;
  /** Hydra overrides. */
  readonly overrides?: readonly string[];
}

export interface Compiled {
  /** null when there are issues. */
  readonly config: Config | null;
  /** What can be worked with all the same: null for a group that an issue names. */
  readonly groups: ConfigGroups;
  /** What was written with every default filled in, valid or not. */
  readonly document: Document;
  /** Paths are dotted keys; a finding on the text of an override is at `overrides[i]`. */
  readonly issues: readonly Issue[];
  /** The overrides that were given, trimmed. */
  readonly overrides: readonly string[];
}

const maxOverrides = 200;

/** In these maps a later part replaces the earlier one as a whole; overrides merge instead. */
const replaced = ['features.timeframes', 'features.columns', 'targets.tasks', 'loss'];

/**
 * The complete configuration: defaults, then `config`, then `cells`, then `overrides`. Never throws; every finding is
 * an issue.
 *
 * @example
 * const { config, issues } = compileConfig({ cells: { train: { epochs: 0 } }, overrides: ['model=large'] });
 * config; // null
 * issues[0].path; // 'train.epochs'
 */
export function compileConfig(parts: ConfigParts): Compiled {
  const overrides = (parts.overrides ?? []).map((override) => override.trim());
  const issues: Issue[] = [];
  const merged = mergeParts(parts, issues);
  const document = applyOverrides(complete(merged), overrides, issues);
  const parsed = parseConfig(document);
  issues.push(...parsed.issues, ...checkConfig(parsed.groups));
  return {
    config: issues.length === 0 ? parsed.config : null,
    groups: dropGroups(
      parsed.groups,
      issues.flatMap(({ path }) => groupsOf(path, overrides)),
    ),
    document,
    issues,
    overrides,
  };
}

/** Groups whose meaning an issue leaves open: those of its key; all of them where nothing could be read. */
function groupsOf(path: string, overrides: readonly string[]): readonly Group[] {
  if (path === '') return groups;
  const override = /^overrides\[(\d+)\]$/.exec(path);
  const key = override ? overrides[Number(override[1])].replace(/^[+~]+/, '') : path;
  const [named] = resolveAlias(key.split(/[.=\s]/, 1));
  return groups.filter((group) => group === named);
}

/** The same without some groups; the losses go with the tasks that they are of. */
export function dropGroups(given: ConfigGroups, dropped: readonly Group[]): ConfigGroups {
  const keep = <Name extends Group>(name: Name) => (dropped.includes(name) ? null : given[name]);
  return {
    data: keep('data'),
    features: keep('features'),
    targets: keep('targets'),
    model: keep('model'),
    loss: dropped.includes('targets') ? null : keep('loss'),
    train: keep('train'),
  };
}

/**
 * As compileConfig; throws AppError `invalid_config` or `invalid_override` with all issues.
 *
 * @example
 * const { config } = requireConfig({ overrides: ['train.epochs=5', 'model.architecture=tcn'] });
 * config.loss.terms.dir.kind; // 'bce', the default of a direction
 */
export function requireConfig(parts: ConfigParts): { config: Config; overrides: readonly string[] } {
  const { config, issues, overrides } = compileConfig(parts);
  if (config) return { config, overrides };
  const [first] = issues;
  const code = first.path.startsWith('overrides[') ? 'invalid_override' : 'invalid_config';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  throw new AppError(code, `${first.path ? `${first.path}: ` : ''}${first.message}${more}`, { issues });
}

/** The defaults alone. */
export function defaultConfig(): Config {
  return requireConfig({}).config;
}

function mergeParts({ config, cells }: ConfigParts, issues: Issue[]): Document {
  let merged: Document = {};
  if (config !== undefined && config !== null) {
    const problem = isMap(config) ? checkDocument(config) : `expected a map, received ${shown(config)}`;
    if (problem) issues.push({ path: '', message: problem });
    else merged = readConfig(config as Document, issues);
  }
  for (const group of groups) {
    const cell = cells?.[group];
    if (cell === undefined || cell === null) continue;
    const problem = isMap(cell) ? checkDocument(cell) : `expected a map, received ${shown(cell)}`;
    if (problem) issues.push({ path: group, message: problem });
    else merged = mergeDocuments(merged, { [group]: cell }, replaced) as Document;
  }
  return merged;
}

/** The groups of a `config` body; unknown keys are issues here, so that the rest can still be judged. */
function readConfig(config: Document, issues: Issue[]): Document {
  const { document, issues: found } = expandAliases(config);
  issues.push(...found);
  const known: [string, unknown][] = [];
  for (const [key, value] of Object.entries(document)) {
    if ((groups as readonly string[]).includes(key)) {
      if (isMap(value)) known.push([key, value]);
      else if (value !== null) issues.push({ path: key, message: `expected a map, received ${shown(value)}` });
      continue;
    }
    if (issues.length >= maxIssues) continue;
    issues.push({ path: key, message: `unknown key ${shown(key)}; ${meantKey([], key, groups)}` });
  }
  return Object.fromEntries(known);
}

/**
 * Fills in defaults after each override, so that the next one can name keys of a task or indicator that this one added.
 */
function applyOverrides(document: Document, overrides: readonly string[], issues: Issue[]): Document {
  if (overrides.length > maxOverrides) {
    const message = `expected at most ${maxOverrides} overrides, received ${overrides.length}`;
    issues.push({ path: 'overrides[0]', message });
    return document;
  }
  let current = document;
  overrides.forEach((text, index) => {
    const { override, message } = parseOverride(text);
    const applied = override ? applyOverride(current, override) : { message };
    if ('document' in applied && applied.document) current = complete(applied.document);
    else issues.push({ path: `overrides[${index}]`, message: `${text.slice(0, 80)}: ${applied.message}` });
  });
  return current;
}
