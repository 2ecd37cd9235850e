import type { CellKind } from '#core/api/cell-answers.ts';
import { requireConfig } from '#core/config/compile.ts';
import type { Config, ConfigGroups, Group } from '#core/config/config.ts';
import { AppError } from '#core/error.ts';
import type { ResolvedCells } from './resolve-cells.ts';

/** The cells that a cell cannot be run without. What it reads of others besides may be the default. */
const needs: Readonly<Record<CellKind, readonly Group[]>> = {
  data: ['data'],
  features: ['data', 'features'],
  targets: ['data', 'targets'],
  model: ['data', 'features', 'targets', 'model'],
  loss: ['data', 'features', 'targets', 'model', 'loss'],
};

/**
 * A configuration for one cell: its own, with defaults in the place of cells that have a problem and that it does not need.
 * @throws AppError invalid_config where one that it needs has a problem
 */
export function requireCellConfig({ config, groups, issues }: ResolvedCells, kind: CellKind): Config {
  if (config !== null) return config;
  const wrong = needs[kind].filter((group) => groups[group] === null);
  if (wrong.length > 0) {
    const own = issues.filter(({ path }) => wrong.some((group) => path === group || path.startsWith(`${group}.`)));
    const told = own.length > 0 ? own : issues;
    const [first] = told;
    const more = told.length > 1 ? ` (and ${told.length - 1} more)` : '';
    const message =
      first === undefined ? `The ${wrong[0]} cell cannot be read.` : `${first.path}: ${first.message}${more}`;
    throw new AppError('invalid_config', message, { issues: told });
  }
  return fillGroups(groups);
}

/** A whole configuration, with defaults in the place of cells that have a problem. */
export function fillGroups(groups: ConfigGroups): Config {
  // The losses that belong to these tasks, where its own have a problem.
  const { config: other } = requireConfig({ config: groups.targets === null ? {} : { targets: groups.targets } });
  return {
    data: groups.data ?? other.data,
    features: groups.features ?? other.features,
    targets: groups.targets ?? other.targets,
    model: groups.model ?? other.model,
    loss: groups.loss ?? other.loss,
    train: groups.train ?? other.train,
  };
}
