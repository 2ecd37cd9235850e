import type { CellKind } from '#core/api/cell-answers.ts';
import type { Config, Group } from '#core/config/config.ts';
import { parseConfig, toFile } from '#core/config/config-file.ts';
import { diffConfigs } from '#core/config/diff.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { type Document, withValue } from '#core/config/document.ts';
import { type Step, stepAncestors, stepSettings } from '#core/steps/step-settings.ts';
import { changesOf } from './graph.ts';

/** What a cell is worked out from: equal keys and data, equal results, as long as the code is the same. */
export interface CellInputs {
  readonly key: string;
  readonly config: Config;
  /** Fingerprint of the source as the data cell last read it; null where that is not known, or of the data cell itself. */
  readonly data: string | null;
}

/** The steps that stand under each cell: how fast a model trains, and for how long, is said of the windows it trains on. */
const lastSteps = {
  data: ['data'],
  features: ['features'],
  targets: ['targets'],
  model: ['samples', 'model'],
  loss: ['loss'],
} as const satisfies Readonly<Record<CellKind, readonly Step[]>>;

export function cellInputs(kind: CellKind, config: Config, data: string | null = null): CellInputs {
  return { config, data, key: canonicalJson(parts(kind, config)) };
}

/** Cells that are run before a cell, in the order of the page: how fast the model trains is no matter of the loss. */
const before = {
  data: [],
  features: ['data'],
  targets: ['data'],
  model: ['data', 'features', 'targets'],
  loss: ['data', 'features', 'targets'],
} as const satisfies Readonly<Record<CellKind, readonly CellKind[]>>;

export function cellAncestors(kind: CellKind): readonly CellKind[] {
  return before[kind];
}

/** Whose words a cell's result depends on besides its own, in the order of the page. */
export function neededGroups(kind: CellKind): readonly Group[] {
  if (kind === 'loss') return [...before.loss, 'model'];
  return kind === 'model' ? [...before.model, 'train'] : before[kind];
}

/**
 * In what a cell's inputs differ, in words: of the cell itself, "features.timeframes.1h.rsi.period 14 → 21", else of the first
 * that it needs, "needs features: …". Of what changed, that alone which the result depends on.
 */
export function describeInputs(kind: CellKind, before: CellInputs, after: CellInputs): string {
  const [old, now] = [toFile(before.config), toFile(after.config)];
  const changed = Object.entries(diffConfigs(old, now)).filter(([key, [value]]) => {
    const reverted = withValue(now, key.split('.'), value ?? undefined);
    const { config } = parseConfig(reverted);
    return config === null || cellInputs(kind, config).key !== after.key;
  });
  const words = (group: Group) => changesOf(Object.fromEntries(changed), group).join(', ');
  const own = words(kind);
  if (own !== '') return own;
  const cause = changed[0]?.[0].split('.')[0] as Group | undefined;
  return cause === undefined ? 'another configuration' : `needs ${cause}: ${words(cause)}`;
}

function stepsOf(kind: CellKind): readonly Step[] {
  const own: readonly Step[] = lastSteps[kind];
  return [...new Set([...own.flatMap(stepAncestors), ...own])];
}

function parts(kind: CellKind, config: Config): Document {
  const settings = Object.fromEntries(stepsOf(kind).map((step) => [step, stepSettings(step, config)]));
  if (kind !== 'model') return settings;
  const { batch_size, epochs, engine, optimizer } = config.train;
  return { ...settings, timing: { batch_size, epochs, engine, optimizer: optimizer.kind } };
}
