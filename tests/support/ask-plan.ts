import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Plan } from '#core/api/plan.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { homeWith } from './run-cell.ts';
import type { TestSidecar } from './sidecar.ts';

/** A notebook on a file of bars. */
export const fileNotebook = `---
title: Mine
---
\`\`\`yaml data
source: data/bars.csv
\`\`\`
\`\`\`yaml features
timeframes: {1h: {log_return: {}, rsi: {period: 14}}}
\`\`\`
\`\`\`yaml model
lookback: 16
\`\`\`
\`\`\`yaml train
epochs: 2
\`\`\`
`;

/** What the file holds. */
export const fileBars = sampleMarket({ bars: 2000 });
/** A line of the file. */
export const fileRow = (i: number, at = fileBars.time[i]) =>
  `${[new Date(at).toISOString(), fileBars.open[i], fileBars.high[i], fileBars.low[i], fileBars.close[i], fileBars.volume[i]].join(',')}\n`;

/** A home with one notebook, `mine`, and the file. */
export function homeWithFile(text: string): string {
  const home = homeWith(text);
  const data = join(home, 'notebooks', 'data');
  mkdirSync(data);
  const rows = Array.from(fileBars.time, (_, i) => fileRow(i)).join('');
  writeFileSync(join(data, 'bars.csv'), `time,open,high,low,close,volume\n${rows}`);
  return home;
}

/** The plan of `mine`, or of what the body names. */
export async function askPlan(sidecar: TestSidecar, body: object = {}): Promise<Plan> {
  const { status, body: answer } = await sidecar.post<Plan>('/runs/plan', { notebook: 'mine', ...body });
  expect(status).toBe(200);
  return answer;
}

/** What becomes of each cell. */
export const actionsOf = ({ cells }: Plan) => cells.map(({ kind, action }) => `${kind} ${action}`).join(', ');
export const reasonOf = ({ cells }: Plan, kind: string) => cells.find((cell) => cell.kind === kind)?.reason;
