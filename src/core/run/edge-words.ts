import { baselineTerm, metricLabel } from '#core/metrics/glossary.ts';
import type { Edge } from './result.ts';

/** What an edge is measured in and over whom, to stand behind its number: "DA, over the contrarian". */
export function edgeWords({ metric, baseline }: Pick<Edge, 'metric' | 'baseline'>): string {
  return `${metricLabel(metric)}, over ${baselineTerm(baseline).phrase}`;
}
