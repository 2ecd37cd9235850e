import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CellProgress, readCellAnswer } from '#core/api/read-cell.ts';
import { temporaryHome, type TestSidecar } from './sidecar.ts';

/** A small notebook, every cell of which runs in a moment. */
export const smallNotebook = `---
title: Mine
---
\`\`\`yaml data
source: sample://market?bars=3000
\`\`\`
\`\`\`yaml features
timeframes: {1h: {log_return: {}, rsi: {period: 14}}}
\`\`\`
\`\`\`yaml model
lookback: 16
\`\`\`
\`\`\`yaml train
epochs: 3
\`\`\`
`;

/** A home with one notebook, `mine`. */
export function homeWith(text: string): string {
  const home = temporaryHome();
  writeFileSync(join(home, 'notebooks', 'mine.md'), text);
  return home;
}

/** Asks for a cell of `mine`. */
export function postCell(
  sidecar: TestSidecar,
  kind: string,
  body: object = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${sidecar.url}/notebooks/mine/cells/${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

/** Runs a cell of `mine` to its result. */
export async function runCellOf(sidecar: TestSidecar, kind: string, body: object = {}) {
  const answer = await postCell(sidecar, kind, body);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const lines: CellProgress[] = [];
  const result = await readCellAnswer(answer.body!, (line) => lines.push(line));
  return { result, lines, done: lines.flatMap((line) => ('from' in line ? [line.step] : [])) };
}
