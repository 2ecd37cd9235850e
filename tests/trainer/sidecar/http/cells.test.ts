import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CellLine, CellResult, Speed } from '#core/api/cell-answers.ts';
import { type CellProgress, readCellAnswer } from '#core/api/read-cell.ts';
import type { CellMessage, CellReply } from '#trainer/cells/cell-task.ts';
import { runCell, type RunCell } from '#trainer/cells/run-cell.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';
import { until } from '#tests/support/until.ts';

const notebook = `---
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

function homeWith(text: string): string {
  const home = temporaryHome();
  writeFileSync(join(home, 'notebooks', 'mine.md'), text);
  return home;
}

function post(sidecar: TestSidecar, kind: string, body: object = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(`${sidecar.url}/notebooks/mine/cells/${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

async function run(sidecar: TestSidecar, kind: string, body: object = {}) {
  const answer = await post(sidecar, kind, body);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const lines: CellProgress[] = [];
  const result = await readCellAnswer(answer.body!, (line) => lines.push(line));
  return { result, lines, done: lines.flatMap((line) => ('from' in line ? [line.step] : [])) };
}

test('each cell is run after those that it needs, on all bars, and its lines bear the version that was asked for', async () => {
  const sidecar = await startTestSidecar('steady', homeWith(notebook));
  const data = await run(sidecar, 'data', { version: 7 });
  expect(data.result).toMatchObject({ step: 'data', report: { bars: 3000 } });
  expect([data.done, new Set(data.lines.map(({ version }) => version))]).toEqual([['data'], new Set([7])]);

  const features = await run(sidecar, 'features');
  expect(features.result).toMatchObject({ step: 'features', bars: 3000, timeframes: ['1h'] });
  expect(features.done).toEqual(['data', 'features']);

  const targets = await run(sidecar, 'targets', { overrides: ['targets.horizon=5'] });
  expect(targets.result).toMatchObject({ step: 'targets', labels: { rows: 3000, unlabelled: 5 } });

  const model = await run(sidecar, 'model');
  expect(model.done.at(-1)).toBe('model');
  expect(model.result).toMatchObject({ step: 'model', isLast: false, note: null, eta: { epochs: 3 } });
  if (model.result.step !== 'model') throw new Error('another result');
  const { speed, samples, eta } = model.result;
  expect(speed?.engine).toBe('wasm');
  expect(speed!.steps).toBeGreaterThan(0);
  expect(speed!.samplesPerSecond).toBeGreaterThan(0);
  expect(eta!.steps).toBe(3 * Math.floor(samples.samples.train / 256));

  const loss = await run(sidecar, 'loss');
  if (loss.result.step !== 'loss') throw new Error('another result');
  // An output of zero is a share of one half, and the mean of standardised returns.
  const byTask = Object.fromEntries(loss.result.terms.map((term) => [term.task, term]));
  expect(byTask['dir'].zero).toBeCloseTo(Math.LN2, 6);
  expect(loss.result.terms.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 9);
});

test('a cell runs although another has a problem, and is refused at its line where it has one itself', async () => {
  const broken = notebook.replace('lookback: 16', 'lookback: 1').replace('period: 14', 'period: 0');
  const sidecar = await startTestSidecar('steady', homeWith(broken));
  expect((await run(sidecar, 'data')).result.step).toBe('data');
  const refused = await post(sidecar, 'features');
  const { error } = (await refused.json()) as { error: { issues: { path: string; line: number }[] } };
  expect([refused.status, error.issues]).toEqual([
    422,
    [expect.objectContaining({ path: 'features.timeframes.1h.rsi.period', line: 8 })],
  ]);
  const lost = await post(sidecar, 'data', { source: notebook.replace('sample://market?bars=3000', 'none.csv') });
  const { error: missing } = (await lost.json()) as { error: object };
  expect([lost.status, missing]).toEqual([
    422,
    expect.objectContaining({ code: 'data_not_found', issues: [expect.objectContaining({ line: 5 })] }),
  ]);
  expect((await post(sidecar, 'train')).status).toBe(404);
  expect((await post(sidecar, 'data', { fork: '01aaaaaaaaaaaaaaaa0001' })).status).toBe(404);
});

const rows = { key: 'k', from: 0, to: 0, rows: 1, horizon: 1 };
const modelResult: Extract<CellResult, { step: 'model' }> = {
  ...{ step: 'model', parameters: 1, inputs: 1, outputs: 2, bytes: 1, why: 'it is here', eta: null },
  ...{ speed: null, isLast: false, note: null, evaluation: { validation: rows, test: rows } },
  samples: {
    ...{ baseStep: 1, timeframes: [], bars: 1, warmupRows: 0, warmupBars: 0, unlabelledRows: 0, brokenWindows: 0 },
    ...{ purged: 0, embargoed: 0, afterUntil: 0, samples: { train: 1, validation: 1, test: 1 } },
    ...{ splitAt: { validationFrom: 0, testFrom: 0, until: null }, balance: {}, notes: [] },
    boundaries: { train: null, validation: null, test: null },
  },
};

/** A cell that goes on until it is told to end, or is given its result. */
function hanging() {
  const begun: { signal: AbortSignal; finish: (result: CellResult) => void; say: (message: CellMessage) => void }[] =
    [];
  const work: RunCell = (_, { signal, onMessage }) =>
    new Promise((resolve, reject) => {
      const say = (message: CellMessage) => onMessage(message, () => undefined);
      say({ type: 'progress', step: 'data', share: 0.5, doing: 'hanging' });
      begun.push({ signal, finish: resolve, say });
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  return { begun, work };
}

test('a cell ends when whoever asked leaves, and by DELETE', async () => {
  const { begun, work } = hanging();
  const sidecar = await startTestSidecar('steady', homeWith(notebook), {}, { runCell: work });
  const control = new AbortController();
  await post(sidecar, 'data', {}, control.signal);
  control.abort();
  await until(
    () => begun[0].signal.aborted,
    () => 'the cell goes on',
  );

  const ended = await post(sidecar, 'data');
  const { body } = await sidecar.json('/notebooks/mine/cells/data', { method: 'DELETE' });
  expect(body).toEqual({ ended: 1 });
  await expect(readCellAnswer(ended.body!)).rejects.toMatchObject({ code: 'state_conflict' });
  await until(
    () => begun[1].signal.aborted,
    () => 'the cell goes on',
  );
  expect((await sidecar.json('/notebooks/mine/cells/data', { method: 'DELETE' })).body).toEqual({ ended: 0 });
});

test('who asks for the same shares it, and it goes on while one of them waits', async () => {
  const { begun, work } = hanging();
  const sidecar = await startTestSidecar('steady', homeWith(notebook), {}, { runCell: work });
  const control = new AbortController();
  await post(sidecar, 'data', { version: 1 }, control.signal);
  const other = await post(sidecar, 'data', { version: 2 });
  control.abort();
  const real = await run(await startTestSidecar('steady', homeWith(notebook)), 'data');
  expect([begun.length, begun[0].signal.aborted]).toEqual([1, false]);
  begun[0].finish(real.result);
  const lines: CellLine[] = [];
  expect(await readCellAnswer(other.body!, (line) => lines.push(line))).toEqual(real.result);
  expect(lines).toEqual([{ version: 2, step: 'data', share: 0.5, doing: 'hanging' }]);
});

test('while a run is on the engine the model cell gets its last measurement, and who waits is told for what', async () => {
  const speed: Speed = {
    ...{ engine: 'wasm', device: 'test', samplesPerSecond: 1000, stepMs: 256, scoredPerSecond: 4000 },
    ...{ openSeconds: 1, steps: 9, memory: null, at: '2026-11-03T14:02:00.000Z' },
  };
  const replies: CellReply[] = [];
  const work: RunCell = async (_, { onMessage }) => {
    const reply = await new Promise<CellReply>((resolve) => onMessage({ type: 'measure' }, resolve));
    replies.push(reply);
    const isLast = reply.type === 'taken';
    return { ...modelResult, speed: isLast ? reply.last : speed, isLast, note: isLast ? reply.note : null };
  };
  const sidecar = await startTestSidecar('steady', homeWith(notebook), {}, { runCell: work });
  expect((await run(sidecar, 'model')).result).toMatchObject({ speed, isLast: false });
  const { body: made } = await sidecar.post<{ id: string; number: number }>('/runs', { notebook: 'mine' });
  await sidecar.until(made.id, ({ status }) => status === 'running');

  const note = `R${made.number} trains on this engine now`;
  expect((await run(sidecar, 'model')).result).toMatchObject({ speed, isLast: true, note });
  // Of another model nothing was measured.
  const other = await run(sidecar, 'model', { overrides: ['model.dropout=0.5'] });
  expect(other.result).toMatchObject({ speed: null, note });

  const waiting = await post(sidecar, 'model', { wait: true });
  const words: string[] = [];
  const result = readCellAnswer(waiting.body!, (line) => {
    if ('doing' in line) words.push(line.doing);
    if (words.length === 1) void sidecar.post(`/runs/${made.id}/cancel`);
  });
  expect(await result).toMatchObject({ isLast: false, note: null });
  expect([words, replies.map(({ type }) => type)]).toEqual([
    [`waits for wasm: R${made.number} trains on it`],
    ['go', 'taken', 'taken', 'go'],
  ]);
});

test('a run that begins while a model is timed gets the engine back at once', async () => {
  const replies: CellReply[] = [];
  const work: RunCell = (_, { onMessage }) =>
    new Promise((resolve) => {
      onMessage({ type: 'measure' }, (reply) => {
        replies.push(reply);
        if (reply.type === 'taken') resolve({ ...modelResult, note: reply.note });
      });
    });
  const sidecar = await startTestSidecar('steady', homeWith(notebook), {}, { runCell: work });
  const timed = run(sidecar, 'model').catch((error: unknown) => error);
  await until(
    () => replies.length === 1,
    () => 'the engine is not lent',
  );
  const { body: made } = await sidecar.post<{ number: number }>('/runs', { notebook: 'mine' });
  await until(
    () => replies.length === 2,
    () => 'the engine is not wanted back',
  );
  const note = `R${made.number} trains on this engine now`;
  expect(replies).toEqual([{ type: 'go' }, { type: 'taken', note, last: null }]);
  await timed;
});

test('two cells run at a time, the next when one of them has ended', async () => {
  const { begun, work } = hanging();
  const sidecar = await startTestSidecar('steady', homeWith(notebook), {}, { runCell: work });
  await post(sidecar, 'data');
  await post(sidecar, 'features');
  const third = await post(sidecar, 'targets');
  const words: string[] = [];
  const result = readCellAnswer(third.body!, (line) => 'doing' in line && words.push(line.doing)).catch(
    (error: unknown) => error,
  );
  expect(begun.length).toBe(2);
  await sidecar.json('/notebooks/mine/cells/data', { method: 'DELETE' });
  await until(
    () => begun.length === 3,
    () => 'the third does not begin',
  );
  await sidecar.json('/notebooks/mine/cells/targets', { method: 'DELETE' });
  expect(await result).toMatchObject({ code: 'state_conflict' });
  expect(words).toEqual(['waits for other cells to end', 'hanging']);
});

test('a cell that needs too long is stopped and says so', async () => {
  const sidecar = await startTestSidecar(
    'steady',
    homeWith(notebook),
    {},
    {
      runCell: (task, options) => runCell(task, { ...options, timeoutMs: 1 }),
    },
  );
  const stopped = await post(sidecar, 'data');
  expect([stopped.status, await stopped.json()]).toMatchObject([
    413,
    { error: { code: 'too_large', message: expect.stringContaining('took more than 0.001 s and was stopped') } },
  ]);
});
