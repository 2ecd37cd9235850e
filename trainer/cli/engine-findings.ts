import { type Architecture, architectures } from '#core/models/registry.ts';
import { describeRanking, modelSpeed, rankEngines } from '#core/engines/ranking.ts';
import type { EngineReport } from '#core/engines/report.ts';

/** One line of `almanac doctor`. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly text: string;
}

/** A line for each engine, the fastest first, and then its ranking for each architecture that was asked for or is known. */
export function describeEngines(reports: readonly EngineReport[], asked: readonly Architecture[]): readonly Finding[] {
  // What the others lack is said above.
  const here = reports.filter(({ available }) => available);
  const known = architectures.filter((model) => reports.some((report) => modelSpeed(report, model) !== null));
  const models = architectures.filter((model) => asked.includes(model) || known.includes(model));
  return [
    ...rankEngines(reports).order.flatMap(describeEngine),
    ...models.map((model) => ({ what: `ranking ${model}`, ok: true, text: describeRanking(here, model) })),
  ];
}

function describeEngine({
  name,
  available,
  device,
  version,
  reason,
  remedy,
  measured,
  devices,
}: EngineReport): Finding[] {
  const what = `engine ${name}`;
  if (available) {
    const speed = measured === undefined ? '' : `, matmul ${measured.gflops.toFixed(1)} GFLOP/s`;
    const several = devices !== undefined && devices.length > 1 ? `, ${devices.length} devices` : '';
    return [
      { what, ok: true, text: `${device} ${version}${speed}${several}` },
      ...(several === '' ? [] : (devices ?? [])).map(({ id, name: named }) => ({
        what: '',
        ok: true,
        text: `${id} ${named}`,
      })),
    ];
  }
  return [
    { what, ok: false, text: `not available: ${withoutName(reason ?? 'no reason given')}` },
    ...(remedy === undefined ? [] : [{ what: '', ok: false, text: `to install it: ${remedy}` }]),
  ];
}

/** A reason that begins with what stands before it already: which engine is not available. */
function withoutName(reason: string): string {
  return reason.replace(/^The \w+ engine is not available: /, '');
}
