import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { logsAnswer, metricsAnswer, systemAnswer, viewAnswer } from '#core/api/run-answers.ts';
import { smooth } from '#core/chart/smooth.ts';
import { type EventBody, fromEventNumber } from '#core/run/event.ts';
import { reduceRun } from '#core/run/reduce.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

const time = (seq: number) => new Date(1.7e12 + 1000 * seq).toISOString();

/** A sidecar with a run of 5,000 events more than its trainer wrote, and how to ask for what is shown of it. */
async function longRun() {
  const sidecar = await startTestSidecar('quick');
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  const { lastSeq: first } = await sidecar.until(id, ({ status }) => status === 'completed');
  const add = (bodies: readonly EventBody[], attempt: number, from: number) => {
    const lines = bodies.map((body, i) => JSON.stringify({ seq: from + i, at: time(from + i), attempt, ...body }));
    appendFileSync(join(sidecar.runs, id, 'events.jsonl'), `${lines.join('\n')}\n`);
  };
  const bodies = Array.from({ length: 4000 }, (_, i): EventBody => {
    if (i % 4 === 1) {
      const cpu = i === 2001 ? 900 : i % 7;
      return { type: 'system', step: i, cpu, rss: 1e8, tensors: 1, tensorBytes: 1, gpu: { util: i === 1501 ? 99 : 1 } };
    }
    if (i % 400 === 2) return { type: 'log', level: 'info', message: `line ${i}` };
    return { type: 'metric', step: i, epoch: i / 100, values: { noise: i === 1234 ? 77 : i % 5, 'test.da': 0.5 } };
  });
  add(bodies, 1, first + 1);
  // A second attempt takes the last thousand steps again.
  const again = Array.from({ length: 1000 }, (_, i): EventBody => ({
    type: 'metric',
    step: 3000 + i,
    epoch: i,
    values: { noise: -1 - i },
  }));
  add(again, 2, first + 4001);
  await sidecar.post('/system/reindex');
  const get = async <Schema extends z.ZodType>(path: string, schema: Schema) => {
    const { status, body } = await sidecar.json<unknown>(`/runs/${id}${path}`);
    return { status, answer: schema.parse(body) };
  };
  return { sidecar, id, first, lastSeq: first + 5000, get };
}

test('what a page shows of a run is had without a replay, and says where a stream goes on', async () => {
  const { sidecar, id, first, lastSeq, get } = await longRun();
  const { answer: metrics } = await get('/metrics?points=200', metricsAnswer);
  expect(metrics.lastSeq).toBe(lastSeq);
  expect(metrics.keys).toContain('noise');
  expect(metrics.keys).not.toContain('test.da');
  const { step, value, attempt, time: times, epoch } = metrics.series['noise'];
  expect(step.length).toBeLessThanOrEqual(200);
  expect(step.length).toBeGreaterThan(50);
  expect(value).toContain(77);
  expect([value.at(-1), attempt.at(-1), epoch.at(-1)]).toEqual([-1000, 2, 999]);
  expect(step.every((at, i) => attempt[i] === (at < 3000 ? 1 : 2))).toBe(true);
  const seqOf = (at: number) => (at < 3000 ? first + 1 + at : first + 4001 + at - 3000);
  expect(times).toEqual(step.map((at) => Date.parse(time(seqOf(at)))));

  const { answer: whole } = await get('/metrics?keys=noise', metricsAnswer);
  const columns = Object.values(whole.series['noise']).map(({ length }) => length);
  expect(new Set(columns).size).toBe(1);
  expect(columns[0]).toBe(new Set(whole.series['noise'].step).size);
  expect(whole.series['noise'].step.length).toBeGreaterThan(3000);

  // Smoothed over all points before any are left out: thinned or not, a step has one smoothed value.
  const full = smooth(whole.series['noise'].value.map(fromEventNumber), 0.9);
  const { answer: allSmooth } = await get('/metrics?keys=noise&smoothing=0.9', metricsAnswer);
  expect(allSmooth.series['noise'].smooth).toEqual([...full]);
  const { answer: thinSmooth } = await get('/metrics?keys=noise&smoothing=0.9&points=200', metricsAnswer);
  const places = thinSmooth.series['noise'].step.map((at) => whole.series['noise'].step.indexOf(at));
  expect(thinSmooth.series['noise'].smooth).toEqual(places.map((place) => full[place]));
  expect(metrics.series['noise'].smooth).toBeUndefined();

  const { answer: system } = await get('/system?points=100', systemAnswer);
  expect(system.lastSeq).toBe(lastSeq);
  expect(system.samples.length).toBeLessThanOrEqual(100);
  expect(Math.max(...system.samples.map(({ cpu }) => Number(cpu)))).toBe(900);
  expect(Math.max(...system.samples.map(({ gpu }) => Number(gpu?.util ?? 0)))).toBe(99);
  const seqs = system.samples.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));

  const { answer: shown } = await get('/view', viewAnswer);
  expect([shown.lastSeq, shown.view.lastSeq, shown.run]).toEqual([lastSeq, lastSeq, id]);
  expect(shown.view.metrics.latest['noise']).toBe(-1000);
  expect(JSON.stringify(shown.view)).not.toContain('test.da');
  const next = {
    seq: lastSeq + 1,
    at: time(0),
    attempt: 2,
    type: 'metric',
    step: 9,
    epoch: 0,
    values: { x: 1 },
  } as const;
  expect(reduceRun(shown.view, next).metrics.latest['x']).toBe(1);

  const { answer: tail } = await get('/logs?tail=3', logsAnswer);
  expect(tail.lines.map(({ message }) => message)).toEqual(['line 2802', 'line 3202', 'line 3602']);
  expect([tail.lastSeq, tail.next]).toEqual([lastSeq, tail.lines[2].seq]);
  const { answer: none } = await get(`/logs?tail=3&offset=${lastSeq}`, logsAnswer);
  expect(none).toEqual({ lines: [], next: lastSeq, lastSeq });
  const { answer: head } = await get('/logs?limit=2', logsAnswer);
  expect(head.lastSeq).toBe(head.lines[1].seq);
  expect((await get('/logs', logsAnswer)).answer.lastSeq).toBe(lastSeq);
  for (const path of ['system?points=19', 'system?points=x', 'logs?tail=0', 'metrics?points=3']) {
    expect((await sidecar.json(`/runs/${id}/${path}`)).status).toBe(400);
  }
  for (const path of ['system', 'view']) {
    expect((await sidecar.json(`/runs/01zzzzzzzzzzzzzzzzzzzz/${path}`)).status).toBe(404);
  }
  expect(sidecar.warnings).toEqual([]);
});

test('the CSV of the metrics goes by steps and has what the series have', async () => {
  const { sidecar, id, get } = await longRun();
  const { answer } = await get('/metrics', metricsAnswer);
  const rows = Object.entries(answer.series).flatMap(([key, { step, epoch, attempt, value }]) =>
    step.map((at, i) => ({ at, line: `${at},${epoch[i]},${attempt[i]},${key},${value[i]}` })),
  );
  const wanted = rows.toSorted((a, b) => a.at - b.at).map(({ line }) => line);
  const csv = await (await fetch(`${sidecar.url}/runs/${id}/metrics?format=csv`)).text();
  expect(csv).toBe(`${['step,epoch,attempt,metric,value', ...wanted].join('\n')}\n`);
  const thin = await (await fetch(`${sidecar.url}/runs/${id}/metrics?format=csv&points=8&keys=noise`)).text();
  expect(thin.trimEnd().split('\n').length).toBeLessThanOrEqual(9);
});
