import type { Architecture } from '#core/models/registry.ts';
import type { EngineName } from '#core/engines/registry.ts';
import { findObstacle, type Ranking, rankEngines, speedText } from '#core/engines/ranking.ts';
import type { EngineReport } from '#core/engines/report.ts';
import { AppError } from '#core/error.ts';

interface EngineChoice {
  readonly name: EngineName;
  /** One sentence for the run's log. */
  readonly why: string;
}

/**
 * Decides which engine trains a model, by what is known of the engines. `auto` takes the fastest that passed its test
 * for this architecture and says what the others lack; where the architecture was not measured on each of them, the
 * fastest with a small dense network. A named engine is that one or `engine_unavailable`: another is never put in its
 * place, and one that was not tested yet is taken at its word.
 */
export function chooseEngine(
  wanted: 'auto' | EngineName,
  reports: readonly EngineReport[],
  model: Architecture,
): EngineChoice {
  if (wanted !== 'auto') {
    const report = reports.find(({ name }) => name === wanted);
    requireEngine(wanted, reports, model);
    const speed = report === undefined ? '' : speedText(report, 'model', model);
    return { name: wanted, why: `train.engine asks for ${wanted}${speed && ` (${speed} with ${model})`}.` };
  }
  const { order, by } = rankEngines(reports, model);
  const [best, ...rest] = order;
  if (best === undefined || !best.available || findObstacle(best, model) !== null) {
    const reasons = order.map((report) => findObstacle(report, model)).filter((reason) => reason !== null);
    throw unavailable(['No engine works here.', ...reasons].join(' '));
  }
  const others = rest.map((report) => describeOther(report, by, model));
  const isAlone = !rest.some((report) => report.available && findObstacle(report, model) === null);
  return {
    name: best.name,
    why: `auto took ${best.name}, ${[describeBest(best, by, isAlone, model), ...others].join('; ')}.`,
  };
}

/** @throws AppError engine_unavailable where this engine is known not to train this model here. */
export function requireEngine(name: EngineName, reports: readonly EngineReport[], model: Architecture): void {
  const report = reports.find((one) => one.name === name);
  const obstacle = report === undefined ? null : findObstacle(report, model);
  if (report === undefined || obstacle === null) return;
  const remedy =
    report.remedy === undefined || obstacle.includes(report.remedy) ? '' : ` To install it: ${report.remedy}`;
  // For an engine that is not available its reason is enough; a failed architecture needs both names beside the reason.
  if (!report.available) throw unavailable(obstacle + remedy);
  throw unavailable(
    `The ${name} engine did not pass its test of ${model} here: ${obstacle}. Set train.engine to auto or another engine.`,
  );
}

function describeBest(report: EngineReport, by: Ranking['by'], isAlone: boolean, model: Architecture): string {
  const speed = speedText(report, by, model);
  if (by === 'nothing') return isAlone ? 'the one that every machine has' : 'as none is measured yet';
  if (isAlone) return by === 'model' ? `the one that works here (${speed} with ${model})` : 'the one that works here';
  if (by === 'model') return `the fastest (${speed} with ${model})`;
  return `the fastest with a small dense network (${speed}), for ${model} is not measured on every engine yet`;
}

function describeOther(report: EngineReport, by: Ranking['by'], model: Architecture): string {
  const { name } = report;
  if (report.pending) return `${name} is not tested yet`;
  if (!report.available) return `${name} is not available`;
  const obstacle = findObstacle(report, model);
  if (obstacle !== null) return `${name} did not pass its test of ${model}: ${obstacle}`;
  const speed = speedText(report, by, model);
  return `${name} is slower${speed && ` (${speed})`}`;
}

function unavailable(message: string): AppError {
  return new AppError('engine_unavailable', message, { issues: [{ path: 'train.engine', message }] });
}
