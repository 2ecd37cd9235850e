import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { problemSchema } from '#core/api/problem.ts';
import { bestByLuck } from '#core/metrics/best-by-luck.ts';
import { sharedScoresAnswer } from '#core/api/shared-scores.ts';
import { scoreRuns } from '#trainer/sidecar/runs/scored-runs.ts';
import { findRun } from '#trainer/sidecar/db/run-rows.ts';
import { commandLine } from '#tests/support/command-line.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

/** Rows as a run of the default tasks writes them: an outcome an hour, and what was said of it. */
function predictions(hours: readonly number[], say: (outcome: number) => number): string {
  const head = 'time,split,target,prediction,target_ret,prediction_ret,target_dir,prediction_dir';
  const lines = hours.map((hour) => {
    const outcome = hour % 2 === 0 ? 0.01 : -0.01;
    const said = say(outcome);
    const values = [outcome, said, outcome, said, outcome > 0 ? 1 : 0, said > 0 ? 0.6 : 0.4];
    // A row of test with another outcome: older runs keep both splits in one file.
    return `${new Date(hour * 3_600_000).toISOString()},validation,${values.join(',')}\n`;
  });
  return `${head}\n${lines.join('')}${new Date(0).toISOString()},test,9,9,9,9,1,1\n`;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

async function workspace() {
  const sidecar = await startTestSidecar('quick');
  const make = async (text: string | null, overrides: readonly string[] = []) => {
    const { id } = (await sidecar.post<{ id: string }>('/runs', { overrides })).body;
    await sidecar.until(id, ({ status }) => status === 'completed');
    if (text !== null) writeFileSync(join(sidecar.runs, id, 'predictions.csv'), text);
    return id;
  };
  const ask = (ids: readonly string[]) => sidecar.json(`/runs/scores?ids=${ids.join(',')}`);
  const refusal = async (ids: readonly string[]) => {
    const { status, body } = await ask(ids);
    const { code, message } = problemSchema.parse(body).error;
    return [status, code, message];
  };
  return { sidecar, make, ask, refusal };
}

test('runs are scored on the rows that all predicted, and the answer says what may be compared', async () => {
  const { make, ask } = await workspace();
  const right = await make(predictions(range(10, 40), (outcome) => outcome));
  const wrong = await make(predictions(range(0, 30), (outcome) => -outcome));
  const { status, body } = await ask([right, wrong]);
  const answer = sharedScoresAnswer.strict().parse(body);
  expect(status).toBe(200);
  expect(answer).toMatchObject({ n: 20, from: 10 * 3_600_000, comparable: true, reason: null });
  expect(answer.runs.map(({ id, rows, scores }) => [id, rows, scores?.['da']])).toEqual([
    [right, 30, 1],
    [wrong, 30, 0],
  ]);
  expect(answer.runs[0].best).toContain('da');
  // Two runs were made, of 20 rows that count as 20/12.
  expect(answer.luck).toEqual({ metric: 'da', runs: 2, value: bestByLuck(2, 20 / 12, 0.5) });

  const far = await make(
    predictions(range(0, 30), (outcome) => outcome),
    ['targets.horizon=4'],
  );
  const other = sharedScoresAnswer.parse((await ask([right, far])).body);
  expect(other).toMatchObject({ n: 20, comparable: false, luck: null });
  expect(other.reason).toBe(
    'R1 looks 12 bars ahead, R3 4: only the edge of each over its own best baseline can be compared.',
  );
  expect(other.runs.every(({ scores, best }) => scores === null && best.length === 0)).toBe(true);
});

test('what cannot be compared is refused with the reason', async () => {
  const { sidecar, make, refusal } = await workspace();
  const good = await make(predictions(range(0, 4), (outcome) => outcome));
  const none = await make(null);
  const broken = await make('time,split\n2026-01-01T00:00:00.000Z,validation\n');
  expect(await refusal([good])).toEqual([400, 'invalid_request', 'query: ids: expected two runs at least']);
  expect(await refusal([good, good])).toEqual([400, 'invalid_request', 'query: ids: expected each run once']);
  expect((await refusal(range(0, 21).map((i) => `01aaaaaaaaaaaaaaaaa${100 + i}`)))[2]).toBe(
    'query: ids: expected 20 runs at most',
  );
  expect((await refusal([good, '../almanac.db']))[1]).toBe('invalid_request');
  expect((await refusal([good, '01aaaaaaaaaaaaaaaaaaaa'])).slice(0, 2)).toEqual([404, 'run_not_found']);
  expect(await refusal([good, none])).toEqual([
    409,
    'state_conflict',
    'R2 has no predictions: its predictions.csv is not there. Compare runs that were completed.',
  ]);
  expect(await refusal([good, broken])).toEqual([
    409,
    'state_conflict',
    'The predictions of R3 cannot be read: Expected a column target_ret, received time, split.',
  ]);
  writeFileSync(join(sidecar.runs, broken, 'predictions.csv'), '');
  expect((await refusal([good, broken]))[2]).toContain('It is empty.');
  rmSync(join(sidecar.runs, good, 'predictions.csv'));
  expect((await refusal([none, good]))[0]).toBe(409);
});

test('files that are too large together are refused before they are read', async () => {
  const { sidecar, make } = await workspace();
  const text = predictions(range(0, 30), (outcome) => outcome);
  const ids = [await make(text), await make(text)];
  const runs = await Promise.all(ids.map((id) => findRun(sidecar.workspace.db, id)));
  const on = { db: sidecar.workspace.db, runsFolder: sidecar.runs };
  const stored = runs.flatMap((run) => run ?? []);
  expect((await scoreRuns(on, stored, 2 * text.length)).n).toBe(30);
  await expect(scoreRuns(on, stored, 2 * text.length - 1)).rejects.toMatchObject({ code: 'too_large' });
});

test('almanac scores says the same, with a sidecar and without one', async () => {
  const { sidecar, make } = await workspace();
  await make(predictions(range(10, 40), (outcome) => outcome));
  await make(predictions(range(0, 30), (outcome) => -outcome));
  await make(
    predictions(range(0, 30), (outcome) => outcome),
    ['targets.horizon=4'],
  );
  const ask = (...words: readonly string[]) => commandLine({ ALMANAC_HOME: sidecar.home }, ['scores', ...words], 200);
  const { out } = await ask('R1', '2');
  expect(out).toContain('validation, on the 20 rows that all of them predicted, 1970-01-01 10:00 to');
  expect(out).toMatch(/R1 +1\.000\* /);
  expect(out).toMatch(/R2 +0\.000 /);
  expect((await ask('R1', 'R3')).out).toContain('not comparable: R1 looks 12 bars ahead, R3 4');
  const json = (await ask('R1', 'R2', '--json')).out;
  expect(await ask('R1', '1')).toMatchObject({ code: 2, notes: expect.stringContaining('name two at least') });
  await sidecar.close();
  expect(await ask('R1', 'R2')).toEqual({ code: 0, out, notes: '' });
  expect((await ask('R1', 'R2', '--json')).out).toBe(json);
});
