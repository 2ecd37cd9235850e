import { describe, expect, it } from 'vitest';
import { bestByLuck } from '#core/metrics/best-by-luck.ts';
import type { TargetKind } from '#core/targets/registry.ts';
import { ForecastReader } from '#core/shared-rows/forecasts.ts';
import { type ForecastedRun, scoreSharedRows } from '#core/shared-rows/score.ts';

const hour = 3_600_000;
const kinds = new Map<string, TargetKind>([['ret', 'return']]);

/** A run that predicted the hours from `from` on; `edge` as of an older version. */
function run(number: number, from: number, target: readonly number[], prediction: readonly number[]): ForecastedRun {
  const time = target.map((_, i) => (from + i) * hour);
  const forecasts = { time, tasks: [{ task: 'ret', target, prediction }] };
  return { id: `run${number}`, number, name: 'a run', horizon: 1, kinds, forecasts, majority: 0.5, edge: null };
}

const outcome = [0.1, -0.2, 0.3, -0.4, 0.5, -0.6];

describe('scores on shared rows', () => {
  it('are of the instants that all predicted, and of the best there', () => {
    // One has two rows before and one behind; the other is right at three of the four shared rows.
    const long = run(1, 0, outcome, [0.1, 0.1, -0.3, -0.4, -0.5, -0.6]);
    const short = run(2, 2, outcome.slice(2), [0.3, -0.4, 0.5, 0.6]);
    const answer = scoreSharedRows([long, short]);
    expect(answer).toMatchObject({ n: 4, from: 2 * hour, to: 5 * hour, comparable: true, reason: null });
    // The one is off by 0.6, 0, 1 and 0, the other by 0, 0, 0 and 1.2.
    const [first, second] = answer.runs;
    expect([first.rows, first.scores?.['da'], [...first.best].sort()]).toEqual([6, 0.5, ['ic', 'rmse']]);
    expect([second.rows, second.scores?.['da'], [...second.best].sort()]).toEqual([4, 0.75, ['da', 'f1', 'mae']]);
    expect(first.scores?.['rmse']).toBeCloseTo(Math.sqrt((0.6 ** 2 + 1) / 4), 12);
    expect(second.scores?.['rmse']).toBeCloseTo(Math.sqrt(1.2 ** 2 / 4), 12);
    // The mean of the train labels is not in the file, so nothing is said of it.
    expect(first.scores).not.toHaveProperty('r2');
  });

  it('tell what the best of all that were tried would show by luck', () => {
    const pair = [run(1, 0, outcome, outcome), run(2, 0, outcome, outcome)];
    expect(scoreSharedRows(pair).luck).toEqual({ metric: 'da', runs: 2, value: bestByLuck(2, 6, 0.5) });
    expect(scoreSharedRows(pair, 40).luck).toEqual({ metric: 'da', runs: 40, value: bestByLuck(40, 6, 0.5) });
    // The bar is that of the runs' own pages: what the train rows say, not what these rows turned out to be.
    const up = pair.map((each) => ({ ...each, majority: 5 / 6 }));
    expect(scoreSharedRows(up).luck?.value).toBe(bestByLuck(2, 6, 5 / 6));
    const silent = outcome.map(() => 0);
    expect(scoreSharedRows([run(1, 0, outcome, silent), run(2, 0, outcome, outcome)]).luck).toBeNull();
  });

  it('of other horizons stand beside nothing, and the reason is said', () => {
    const near = run(1, 0, outcome, outcome);
    const far = { ...run(2, 0, outcome, outcome), horizon: 4 };
    const answer = scoreSharedRows([near, far]);
    expect(answer).toMatchObject({ n: 6, comparable: false, luck: null });
    expect(answer.reason).toBe(
      'R1 looks 1 bar ahead, R2 4: only the edge of each over its own best baseline can be compared.',
    );
    expect(answer.runs.map(({ group, scores, best }) => [group, scores, best])).toEqual([
      [0, null, []],
      [1, null, []],
    ]);
  });

  it('compare two runs of the same outcomes beside one of others', () => {
    const [one, two] = [
      run(1, 0, outcome, outcome),
      run(
        2,
        0,
        outcome,
        outcome.map((value) => -value),
      ),
    ];
    const other = run(
      3,
      0,
      outcome.map((value) => 2 * value),
      outcome,
    );
    const answer = scoreSharedRows([one, other, two]);
    expect(answer.reason).toContain('R3 saw other outcomes than R1 at 6 of 6 rows');
    expect(answer.runs.map(({ number, group, scores }) => [number, group, scores?.['da'] ?? null])).toEqual([
      [1, 0, 1],
      [3, 1, null],
      [2, 0, 0],
    ]);
  });

  it('take a direction and the sign of a return for the same outcome', () => {
    const sides = outcome.map((value) => (value > 0 ? 1 : 0));
    const forecasts = {
      time: outcome.map((_, i) => i * hour),
      tasks: [{ task: 'dir', target: sides, prediction: sides }],
    };
    const direction = { ...run(2, 0, outcome, outcome), kinds: new Map([['dir', 'direction' as const]]), forecasts };
    const answer = scoreSharedRows([run(1, 0, outcome, outcome), direction]);
    expect(answer.comparable).toBe(true);
    // A tie has no best, and what only one of them can be judged by neither.
    expect(answer.runs.map(({ best }) => best)).toEqual([[], []]);
    const turned = {
      ...direction,
      forecasts: { ...forecasts, tasks: [{ task: 'dir', target: [1, 1, 1, 0, 1, 0], prediction: sides }] },
    };
    expect(scoreSharedRows([run(1, 0, outcome, outcome), turned]).comparable).toBe(false);
  });

  it('leave out rows without a label, and tell where no row is shared', () => {
    const forecasts = {
      time: [0, hour, 2 * hour],
      tasks: [{ task: 'dir', target: [1, NaN, 0], prediction: [0.9, 0.9, 0.9] }],
    };
    const part = { ...run(1, 0, [], []), kinds: new Map([['dir', 'direction' as const]]), forecasts };
    const answer = scoreSharedRows([part, { ...part, id: 'run2', number: 2 }]);
    expect(answer.runs[0].scores).toMatchObject({ da: 0.5, n: 2 });
    expect(answer.runs[0].scores?.['brier']).toBeCloseTo((0.1 ** 2 + 0.9 ** 2) / 2, 12);
    const none = scoreSharedRows([run(1, 0, outcome, outcome), run(2, 50, outcome, outcome)]);
    expect(none).toMatchObject({
      n: 0,
      from: null,
      comparable: false,
      reason: 'There is no instant that all of them predicted.',
    });
    expect(none.runs.every(({ scores }) => scores === null)).toBe(true);
  });
});

describe('predictions.csv', () => {
  const head = 'time,split,target,prediction,target_ret,prediction_ret,target_dir,prediction_dir';

  it('is read a split at a time, so that test rows of older files stay unread', () => {
    const reader = new ForecastReader(head, ['ret', 'dir'], 'validation');
    for (const line of [
      '1970-01-01T01:00:00.000Z,validation,0.1,0.2,0.1,0.2,1,0.6',
      '1970-01-01T02:00:00.000Z,validation,0,-0.2,0,-0.2,,0.4\r',
      '1970-01-01T03:00:00.000Z,test,9,9,9,9,9,9',
    ]) {
      reader.take(line);
    }
    expect(reader.forecasts).toEqual({
      time: [hour, 2 * hour],
      tasks: [
        { task: 'ret', target: [0.1, 0], prediction: [0.2, -0.2] },
        { task: 'dir', target: [1, NaN], prediction: [0.6, 0.4] },
      ],
    });
  });

  it('is refused where it is another table', () => {
    expect(() => new ForecastReader('a,b', ['ret'], 'validation')).toThrow('Expected a column time, received a, b.');
    expect(() => new ForecastReader('time,split,target', ['ret'], 'validation')).toThrow('prediction');
    const reader = new ForecastReader('time,split,target,prediction', ['ret'], 'validation');
    expect(() => reader.take('noon,validation,1,1')).toThrow('Expected a time, received noon.');
  });
});
