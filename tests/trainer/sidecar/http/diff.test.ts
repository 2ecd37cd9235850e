import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diffForecastsAnswer, runDiffAnswer } from '#core/api/run-diff.ts';
import { problemSchema } from '#core/api/problem.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { packContent } from '#trainer/cache/content-file.ts';
import { KeptBars } from '#trainer/steps/kept-bars.ts';
import { toBarsContent } from '#trainer/steps/bars-content.ts';
import { commandLine } from '#tests/support/command-line.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

const hour = 3_600_000;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Rows as a run of the default tasks writes them: an outcome an hour, and what was said of it. */
function predictions(split: string, hours: readonly number[], say: (outcome: number, at: number) => number): string {
  const head = 'time,split,target,prediction,target_ret,prediction_ret,target_dir,prediction_dir';
  const lines = hours.map((at) => {
    const outcome = Math.sin(at * 12.9898) / 100;
    const said = say(outcome, at);
    const probability = 1 / (1 + Math.exp(-300 * said));
    const values = [outcome, said, outcome, said, outcome > 0 ? 1 : 0, probability];
    return `${new Date(at * hour).toISOString()},${split},${values.join(',')}\n`;
  });
  return `${head}\n${lines.join('')}`;
}
const right = (outcome: number) => outcome;
const coin = (_outcome: number, at: number) => Math.sin(at * 78.233) / 100;

async function workspace(script: 'quick' | 'scored' = 'quick') {
  const sidecar = await startTestSidecar(script);
  const end = async (id: string, text: string | null) => {
    await sidecar.until(id, ({ status }) => status === 'completed');
    if (text !== null) writeFileSync(join(sidecar.runs, id, 'predictions.csv'), text);
    return id;
  };
  const make = async (text: string | null, overrides: readonly string[] = []) =>
    end((await sidecar.post<{ id: string }>('/runs', { overrides })).body.id, text);
  const diff = async (ids: readonly string[]) => {
    const { status, body } = await sidecar.json(`/runs/diff?ids=${ids.join(',')}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return runDiffAnswer.strict().parse(body);
  };
  const refusal = async (path: string) => {
    const { status, body } = await sidecar.json(path);
    const { code, message } = problemSchema.parse(body).error;
    return [status, code, message];
  };
  return { sidecar, make, end, diff, refusal };
}

test('runs are compared by key, surroundings and scores, by number or id, the first being the base', async () => {
  const { make, diff } = await workspace();
  const hours = range(0, 400);
  const base = await make(predictions('validation', hours, coin));
  await make(predictions('validation', hours, right), ['train.epochs=7']);
  const answer = await diff(['R1', '2']);
  expect(answer.runs.map(({ id, number }) => [id === base, number])).toEqual([
    [true, 1],
    [false, 2],
  ]);
  expect(answer.heading).toContain('R2 calls the direction better than R1.');
  expect(answer.lead).toContain('on the 400 rows that both predicted, which count as 33');
  const changed = answer.cells.flatMap(({ cell, rows }) =>
    rows.filter(({ equal }) => !equal).map(({ key }) => `${cell}.${key}`),
  );
  expect(changed).toContain('train.epochs');
  expect(answer.keys.different).toBe(1);
  expect(answer.keys.all).toBeGreaterThan(40);
  const da = answer.validation.runs[0].scores.find(({ metric }) => metric === 'da');
  expect(da).toMatchObject({ value: 1, finding: 'better', withinSeeds: null });
  // The other way round it is worse.
  const turned = await diff(['R2', base]);
  expect(turned.heading).toContain('R1 calls the direction worse than R2.');
});

test('a run without predictions, of another horizon or still at work is compared in all but its scores', async () => {
  const { sidecar, make, diff } = await workspace();
  const hours = range(0, 400);
  await make(predictions('validation', hours, coin));
  await make(null);
  await make(predictions('validation', hours, right), ['targets.horizon=4']);
  await make(predictions('validation', hours, right));
  const answer = await diff(['R1', 'R2', 'R3', 'R4']);
  expect(answer.validation.runs.map(({ reason }) => reason)).toEqual([
    'R2 has no predictions: its predictions.csv is not there. Compare runs that were completed.',
    'R1 looks 12 bars ahead, R3 4: only the edge of each over its own best baseline can be compared.',
    null,
  ]);
  expect(answer.heading).toContain('R4 calls the direction better than R1.');
  const alone = await diff(['R2', 'R1']);
  expect(alone.heading).toBe('The scores of R2 and R1 cannot be compared.');
  expect(alone.validation.reason).toContain('R2 has no predictions');
  expect(alone.keys.different).toBe(0);
  rmSync(join(sidecar.runs, alone.runs[0].id, 'config.yaml'), { force: true });
  expect((await diff(['R2', 'R1'])).runs[0].config).toBe('');
});

test('runs that differ by their seed alone tell how much that makes, and which seeds are missing', async () => {
  const { sidecar, make, end, diff } = await workspace('scored');
  const hours = range(0, 400);
  const first = await make(predictions('validation', hours, coin));
  const fork = async (seed: number) => {
    const made = await sidecar.post<{ id: string }>(`/runs/${first}/fork`, { overrides: [`train.seed=${seed}`] });
    return end(made.body.id, predictions('validation', hours, right));
  };
  const [alone] = (await diff([first, await make(null, ['train.epochs=9'])])).runs;
  expect(alone.seeds).toMatchObject({ spread: {}, missing: [2, 3] });
  expect(alone.seeds.runs.map(({ seed }) => seed)).toEqual([1]);
  await fork(5);
  const { runs, validation } = await diff(['R1', 'R2', 'R3']);
  expect(runs[0].seeds.runs.map(({ number, seed }) => [number, seed])).toEqual([
    [1, 1],
    [3, 5],
  ]);
  expect(runs[0].seeds.missing).toEqual([2]);
  expect(Object.values(runs[0].seeds.spread).every(({ n }) => n === 2)).toBe(true);
  expect(Object.keys(runs[0].seeds.spread)).toContain('da');
  expect(validation.runs[1].scores.find(({ metric }) => metric === 'da')?.withinSeeds).not.toBeNull();
  expect(runs[1].seeds.runs).toHaveLength(1);
});

test('the test is compared where that of every run is open, and nothing of it is told before', async () => {
  const { sidecar, make, diff } = await workspace('scored');
  const hours = range(0, 400);
  const ids = [await make(predictions('validation', hours, coin)), await make(predictions('validation', hours, coin))];
  for (const [at, id] of ids.entries()) {
    writeFileSync(
      join(sidecar.runs, id, 'predictions-test.csv'),
      predictions('test', range(500, 900), at === 0 ? coin : right),
    );
  }
  const sealed = await diff(ids);
  expect(sealed.test).toMatchObject({
    n: 0,
    base: {},
    runs: [],
    reason: expect.stringContaining('Sealed for R1 and R2.') as string,
  });
  await sidecar.post(`/runs/${ids[1]}/test`);
  const half = await diff(ids);
  expect(half.test.reason).toMatch(/^Sealed for R1\. R2 was opened on .+; it is not shown here, so that the others/);
  expect(JSON.stringify(half)).not.toMatch(/"test\.[a-z]/);
  await sidecar.post(`/runs/${ids[0]}/test`);
  const { test: open } = await diff(ids);
  expect(open).toMatchObject({ reason: null, n: 400, from: 500 * hour });
  expect(open.runs[0].scores.find(({ metric }) => metric === 'da')).toMatchObject({ value: 1, finding: 'better' });
});

test('forecasts stand beside each other, over the price where the file is still what was read', async () => {
  const { sidecar, make, refusal } = await workspace();
  const hours = range(0, 50);
  await make(predictions('validation', hours, right));
  await make(predictions('validation', hours.slice(10), (outcome) => -outcome));
  const ask = async () =>
    diffForecastsAnswer.strict().parse((await sidecar.json('/runs/diff/forecasts?ids=R1,R2')).body);
  const answer = await ask();
  expect(answer).toMatchObject({ what: 'probability', span: [0, 49 * hour], isWhole: true, left: [] });
  expect(answer.disagreements).toEqual({ from: [10 * hour], to: [49 * hour] });
  // The sample market of the default source is of other years.
  expect(answer.noPrice).toBeNull();
  expect(answer.rows.close).toHaveLength(50);
  // A file that has changed is no price of this run; bars that were kept are, whatever became of it.
  const { id } = (await sidecar.json<{ id: string }>('/runs/R1')).body;
  const note = (data: object) => writeFileSync(join(sidecar.runs, id, 'data.json'), JSON.stringify(data));
  note({ fingerprint: 'another' });
  expect(await ask()).toMatchObject({
    noPrice: expect.stringContaining('has changed since') as string,
    overview: null,
  });
  const bars = sampleMarket({ bars: 60 });
  const loaded = {
    bars: { ...bars, time: bars.time.map((_, at) => (at - 1) * hour), step: hour },
    report: {} as never,
  };
  const packed = await packContent(toBarsContent({ ...loaded, fingerprint: 'another', files: [] }));
  await new KeptBars(sidecar.runs).keep(packed.id, async () => packed, 'nowhere');
  note({ fingerprint: 'another', bars: { content: packed.id, readAt: '2026-01-01T00:00:00.000Z' } });
  const kept = await ask();
  expect(kept).toMatchObject({ noPrice: null, isWhole: true });
  expect(kept.rows.close).toEqual([...bars.close.subarray(0, 50)]);
  writeFileSync(join(sidecar.runs, id, 'predictions.csv'), '');
  expect((await refusal('/runs/diff/forecasts?ids=R1,R2')).slice(0, 2)).toEqual([409, 'state_conflict']);
});

test('what is no comparison is refused with the reason', async () => {
  const { make, refusal } = await workspace();
  await make(null);
  const ask = (ids: string) => refusal(`/runs/diff?ids=${ids}`);
  expect(await ask('R1')).toEqual([400, 'invalid_request', 'query: ids: expected two runs at least']);
  expect((await ask('R1,1'))[2]).toBe('query: ids: expected each run once');
  expect(await ask('R1,R99')).toEqual([
    404,
    'run_not_found',
    'There is no run R99, or it is in the bin. GET /runs lists those there are.',
  ]);
  expect((await ask('R1,../almanac.db'))[0]).toBe(400);
  expect(
    (
      await ask(
        range(1, 23)
          .map((n) => `R${n}`)
          .join(','),
      )
    )[2],
  ).toBe('query: ids: expected 20 runs at most');
});

test('almanac diff says the same, with a sidecar and without one', async () => {
  const { sidecar, make } = await workspace();
  const hours = range(0, 400);
  await make(predictions('validation', hours, coin));
  await make(predictions('validation', hours, right), ['train.epochs=7']);
  const ask = (...words: readonly string[]) => commandLine({ ALMANAC_HOME: sidecar.home }, ['diff', ...words], 200);
  const { out } = await ask('R1', '2');
  expect(out).toContain('1 of');
  expect(out).toMatch(/train +epochs +\d+ +7\n/);
  expect(out).toMatch(/R2 +DA +higher .*better, p < 0\.001/);
  expect((await ask('R1', 'R2', '--all')).out.length).toBeGreaterThan(out.length);
  const json = (await ask('R1', 'R2', '--json')).out;
  expect(runDiffAnswer.parse(JSON.parse(json)).heading).toBe(out.split('\n')[0]);
  expect(await ask('R1')).toMatchObject({ code: 2, notes: expect.stringContaining('name two at least') as string });
  await sidecar.close();
  expect(await ask('R1', 'R2')).toEqual({ code: 0, out, notes: '' });
  expect((await ask('R1', 'R2', '--json')).out).toBe(json);
});
