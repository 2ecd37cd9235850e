import { expect, test } from 'vitest';
import type { CellLine, CellResult, Speed } from '#core/api/cell-answers.ts';
import { readCellAnswer } from '#core/api/read-cell.ts';
import type { CellMessage, CellReply } from '#trainer/cells/cell-task.ts';
import { runCell, type RunCell } from '#trainer/cells/run-cell.ts';
import { homeWith, postCell, runCellOf, smallNotebook } from '#tests/support/run-cell.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';
import { until } from '#tests/support/until.ts';

test('a cell runs although another has a problem, and is refused at its line where it has one itself', async () => {
  const broken = smallNotebook.replace('lookback: 16', 'lookback: 1').replace('period: 14', 'period: 0');
  const sidecar = await startTestSidecar('steady', homeWith(broken));
  expect((await runCellOf(sidecar, 'data')).result.step).toBe('data');
  const refused = await postCell(sidecar, 'features');
  const { error } = (await refused.json()) as { error: { issues: { path: string; line: number }[] } };
  expect([refused.status, error.issues]).toEqual([
    422,
    [expect.objectContaining({ path: 'features.timeframes.1h.rsi.period', line: 8 })],
  ]);
  const lost = await postCell(sidecar, 'data', {
    source: smallNotebook.replace('sample://market?bars=3000', 'none.csv'),
  });
  const { error: missing } = (await lost.json()) as { error: object };
  expect([lost.status, missing]).toEqual([
    422,
    expect.objectContaining({ code: 'data_not_found', issues: [expect.objectContaining({ line: 5 })] }),
  ]);
  expect((await postCell(sidecar, 'train')).status).toBe(404);
  expect((await postCell(sidecar, 'data', { fork: '01aaaaaaaaaaaaaaaa0001' })).status).toBe(404);
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
  const sidecar = await startTestSidecar('steady', homeWith(smallNotebook), {}, { runCell: work });
  const control = new AbortController();
  await postCell(sidecar, 'data', {}, control.signal);
  control.abort();
  await until(
    () => begun[0].signal.aborted,
    () => 'the cell goes on',
  );

  const ended = await postCell(sidecar, 'data');
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
  const sidecar = await startTestSidecar('steady', homeWith(smallNotebook), {}, { runCell: work });
  const control = new AbortController();
  await postCell(sidecar, 'data', { version: 1 }, control.signal);
  const other = await postCell(sidecar, 'data', { version: 2 });
  control.abort();
  const real = await runCellOf(await startTestSidecar('steady', homeWith(smallNotebook)), 'data');
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
  const sidecar = await startTestSidecar('steady', homeWith(smallNotebook), {}, { runCell: work });
  expect((await runCellOf(sidecar, 'model')).result).toMatchObject({ speed, isLast: false });
  const { body: made } = await sidecar.post<{ id: string; number: number }>('/runs', { notebook: 'mine' });
  await sidecar.until(made.id, ({ status }) => status === 'running');

  const note = `R${made.number} trains on this engine now`;
  expect((await runCellOf(sidecar, 'model')).result).toMatchObject({ speed, isLast: true, note });
  // Of another model nothing was measured.
  const other = await runCellOf(sidecar, 'model', { overrides: ['model.dropout=0.5'] });
  expect(other.result).toMatchObject({ speed: null, note });

  const waiting = await postCell(sidecar, 'model', { wait: true });
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
  const sidecar = await startTestSidecar('steady', homeWith(smallNotebook), {}, { runCell: work });
  const timed = runCellOf(sidecar, 'model').catch((error: unknown) => error);
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
  const sidecar = await startTestSidecar('steady', homeWith(smallNotebook), {}, { runCell: work });
  await postCell(sidecar, 'data');
  await postCell(sidecar, 'features');
  const third = await postCell(sidecar, 'targets');
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
    homeWith(smallNotebook),
    {},
    {
      runCell: (task, options) => runCell(task, { ...options, timeoutMs: 1 }),
    },
  );
  const stopped = await postCell(sidecar, 'data');
  expect([stopped.status, await stopped.json()]).toMatchObject([
    413,
    { error: { code: 'too_large', message: expect.stringContaining('took more than 0.001 s and was stopped') } },
  ]);
});
