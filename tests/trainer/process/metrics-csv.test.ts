import { join } from 'node:path';
import { appendFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { toMetricsCsv } from '#trainer/process/metrics-csv.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

async function rows(path: string): Promise<string[]> {
  let text = '';
  for await (const chunk of toMetricsCsv(path)) text += chunk;
  return text.trimEnd().split('\n').slice(1);
}

it('keeps the highest attempt a step of each metric, joins points of one step, and passes over what is damaged', async () => {
  const path = join(temporaryFolder(), 'events.jsonl');
  writeFileSync(path, '');
  expect(await rows(path)).toEqual([]);
  let seq = 0;
  const metric = (attempt: number, step: number, values: object) =>
    appendFileSync(
      path,
      `${JSON.stringify({ seq: ++seq, at: '2026-01-01T00:00:00Z', attempt, type: 'metric', step, epoch: step / 10, values })}\n`,
    );
  metric(1, 10, { 'train.loss': 3 });
  metric(1, 10, { 'val.loss': 4 });
  metric(1, 20, { 'train.loss': 'Infinity' });
  metric(1, 20, { 'val.loss': 5 });
  appendFileSync(path, '{"seq":4,"type":"metric","st\n');
  metric(2, 20, { 'train.loss': 2 });
  metric(2, 5, { lr: 1e-3 });
  expect(await rows(path)).toEqual([
    '5,0.5,2,lr,0.001',
    '10,1,1,train.loss,3',
    '10,1,1,val.loss,4',
    '20,2,2,train.loss,2',
    '20,2,1,val.loss,5',
  ]);
});
