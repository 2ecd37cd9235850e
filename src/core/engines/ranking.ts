import type { Architecture } from '#core/models/registry.ts';
import { engineOf } from './registry.ts';
import type { EngineReport } from './report.ts';

/** Engines in the order in which `auto` would take them for one architecture. */
export interface Ranking {
  /** Those that can train it, fastest first; then those that cannot. */
  readonly order: readonly EngineReport[];
  /**
   * What the order is by: this architecture's own speed on every engine that can train it; else that of a small dense
   * network; `nothing` where none was measured or there is no choice.
   */
  readonly by: 'model' | 'dense' | 'nothing';
}

/** Why this engine does not train this architecture here; null where it does, as far as was tested. */
export function findObstacle(report: EngineReport, model?: Architecture): string | null {
  if (report.pending) return null;
  if (!report.available) return report.reason ?? `The ${report.name} engine is not available here.`;
  const tested = model === undefined ? undefined : report.models?.[model];
  return tested !== undefined && 'reason' in tested ? tested.reason : null;
}

/** Windows a second of this architecture on this engine; null where that was not measured. */
export function modelSpeed(report: EngineReport, model: Architecture): number | null {
  const tested = report.models?.[model];
  return tested !== undefined && 'samplesPerSecond' in tested ? tested.samplesPerSecond : null;
}

/** Ranks engines for one architecture, or in general. Speeds are compared only where all were measured in the same way. */
export function rankEngines(reports: readonly EngineReport[], model?: Architecture): Ranking {
  const usable = reports.filter((report) => report.available && findObstacle(report, model) === null);
  const measured = model !== undefined && usable.every((report) => modelSpeed(report, model) !== null);
  const dense = (report: EngineReport) => report.measured?.samplesPerSecond ?? 0;
  const speed = measured ? (report: EngineReport) => modelSpeed(report, model) ?? 0 : dense;
  const others = reports.filter((report) => !usable.includes(report));
  const order = [
    ...usable.toSorted((a, b) => speed(b) - speed(a)),
    ...others.toSorted((a, b) => Number(b.available) - Number(a.available)),
  ];
  const some = usable.length > 0;
  return { order, by: some && measured ? 'model' : some && usable.some(dense) ? 'dense' : 'nothing' };
}

/** The speed that the ranking compares, in words: "41k samples/s"; empty where it was not measured. */
export function speedText(report: EngineReport, by: Ranking['by'], model?: Architecture): string {
  const own = by === 'model' && model !== undefined ? modelSpeed(report, model) : null;
  const speed = own ?? (by === 'dense' ? report.measured?.samplesPerSecond : undefined);
  return speed === undefined ? '' : `${compact.format(speed).replace('K', 'k')} samples/s`;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 2 });

/** The ranking in one line: "native NVIDIA H200 41k samples/s · wasm 9k samples/s · no webgpu: why". */
export function describeRanking(reports: readonly EngineReport[], model?: Architecture): string {
  const { order, by } = rankEngines(reports, model);
  const places = order.map((report) => describePlace(report, by, model)).join(' · ');
  return by === 'dense' && model !== undefined
    ? `${places} (with a small dense network; ${model} is not measured yet)`
    : places;
}

function describePlace(report: EngineReport, by: Ranking['by'], model?: Architecture): string {
  const { name, available, pending, device } = report;
  const obstacle = findObstacle(report, model);
  if (obstacle !== null)
    return available ? `${name} failed its test: ${obstacle}` : `no ${name}: ${shortReason(obstacle)}`;
  const speed = speedText(report, by, model);
  const measured = speed === '' ? (pending ? 'not tested yet' : 'not measured yet') : speed;
  return engineOf(name).everywhere ? `${name} ${measured}` : `${name} ${device === '' ? '' : `${device} `}${measured}`;
}

/** The first sentence of a reason, without the engine's name, beside which it is shown. */
export function shortReason(reason: string): string {
  return reason
    .replace(/\. .*$/s, '')
    .replace(/^The \w+ engine is not available: /, '')
    .replace(/^The \w+ engine (?:is )?/, '')
    .replace(/[\s.]+$/, '');
}
