import type { Architecture } from '#core/models/registry.ts';
import { findObstacle } from '#core/engines/ranking.ts';
import type { EngineReport } from '#core/engines/report.ts';

/** Why a run that asks for this engine would be refused here, and what would help; null where it would not, as far as is known. */
export function engineObstacle(
  reports: readonly EngineReport[] | null,
  wanted: string,
  model: Architecture,
): string | null {
  const report = reports?.find(({ name }) => name === wanted);
  const obstacle = report === undefined ? null : findObstacle(report, model);
  if (report === undefined || obstacle === null) return null;
  const what = report.available ? `${wanted} did not pass its test of ${model} here: ${obstacle}` : obstacle;
  return report.available ? `${what}. Choose auto.` : `${what}${remedyOf(report)}`;
}

/** ` To install it: <command>`, unless the reason names it already. */
export function remedyOf({ reason, remedy }: EngineReport): string {
  return remedy === undefined || reason?.includes(remedy) ? '' : ` To install it: ${remedy}`;
}
