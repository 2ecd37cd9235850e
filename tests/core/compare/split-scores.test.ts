import { describe, expect, it } from 'vitest';
import { comparisonHeading } from '#core/compare/comparison-words.ts';
import { type DiffedRun, splitScores } from '#core/compare/split-scores.ts';
import { dieboldMariano } from '#core/metrics/diebold-mariano.ts';
import { seededRandom } from '#core/seeded-random.ts';
import type { TargetKind } from '#core/targets/registry.ts';

const hour = 3_600_000;
const both: ReadonlyMap<string, TargetKind> = new Map([
  ['ret', 'return'],
  ['dir', 'direction'],
]);

const random = seededRandom(7);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const outcome = Array.from({ length: 600 }, normal);

/** A run that says the outcome plus so much noise, at rows `from` on, one hour after the other. */
function run(number: number, noise: number, { from = 0, horizon = 1, of = outcome, kinds = both } = {}): DiffedRun {
  const said = of.map((value) => value + noise * normal());
  const all: Readonly<Record<TargetKind, { target: readonly number[]; prediction: readonly number[] }>> = {
    return: { target: of, prediction: said },
    direction: {
      target: of.map((value) => (value > 0 ? 1 : 0)),
      prediction: said.map((value) => 1 / (1 + Math.exp(-value))),
    },
  };
  const tasks = [...kinds].map(([task, kind]) => ({ task, ...all[kind] }));
  return { id: `r${number}`, number, horizon, kinds, forecasts: { time: of.map((_, i) => (from + i) * hour), tasks } };
}

const scoreOf = (scores: ReturnType<typeof splitScores>, number: number, metric: string) =>
  scores.runs.find(({ id }) => id === `r${number}`)?.scores.find((one) => one.metric === metric);
const headed = (scores: ReturnType<typeof splitScores>, ...numbers: readonly number[]) =>
  comparisonHeading(
    'R1',
    numbers.map((number) => ({ id: `r${number}`, label: `R${number}` })),
    scores,
  );

describe('scores of runs on common rows', () => {
  it('differ from the base with an interval, a test, and a finding that knows which way is better', () => {
    const [coarse, fine] = [run(1, 3), run(2, 0.5)];
    const scores = splitScores([coarse, fine]);
    expect(scores).toMatchObject({ reason: null, n: 600, nEff: 600, from: 0, to: 599 * hour, notes: [] });
    const [da, rmse, loss] = ['da', 'rmse', 'log_loss'].map((metric) => scoreOf(scores, 2, metric));
    expect([da?.finding, rmse?.finding, loss?.finding]).toEqual(['better', 'better', 'better']);
    expect(Number(da?.difference)).toBeGreaterThan(0);
    expect(Number(rmse?.difference)).toBeLessThan(0);
    for (const one of [da, rmse, loss]) {
      expect(Number(one?.low)).toBeLessThan(Number(one?.difference));
      expect(Number(one?.high)).toBeGreaterThan(Number(one?.difference));
    }
    expect(headed(scores, 2)).toBe(
      'R2 calls the direction better than R1. R2 gives better probabilities than R1. R2 forecasts returns better than R1.',
    );
    // Seen from the other side everything is turned round.
    const turned = splitScores([fine, coarse]);
    expect(scoreOf(turned, 1, 'rmse')?.finding).toBe('worse');
    expect(scoreOf(turned, 1, 'rmse')?.difference).toBe(-Number(rmse?.difference));
    expect(scoreOf(turned, 1, 'rmse')?.test?.statistic).toBeCloseTo(-Number(rmse?.test?.statistic), 10);
    expect(scoreOf(turned, 1, 'rmse')?.test?.p).toBeCloseTo(Number(rmse?.test?.p), 10);
  });

  it('are tested by Diebold and Mariano, two-sided, and for as many runs as there are', () => {
    const runs = [run(1, 1), run(2, 1.1), run(3, 1.2)];
    const errors = ({ forecasts: { tasks } }: DiffedRun) =>
      Float64Array.from(tasks[0].target, (value, i) => (tasks[0].prediction[i] - value) ** 2);
    const expected = [1, 2].map((at) => {
      const { statistic, p } = dieboldMariano(errors(runs[at]), errors(runs[0]), 1)!;
      return { statistic, p: 2 * Math.min(p, 1 - p) };
    });
    const scores = splitScores(runs);
    const found = [2, 3].map((number) => scoreOf(scores, number, 'rmse')?.test);
    expect(found).toEqual(expected.map((test) => ({ ...test, adjusted: expect.any(Number) as number })));
    const [small, large] = expected.map(({ p }) => p).sort((a, b) => a - b);
    const adjusted = found.flatMap((test) => test?.adjusted ?? []).sort((a, b) => a - b);
    expect(adjusted[0]).toBeCloseTo(Math.min(1, 2 * small), 12);
    expect(adjusted[1]).toBeCloseTo(Math.max(Math.min(1, 2 * small), large), 12);
  });

  it('of equally good runs are rarely called different', () => {
    const tries = Array.from({ length: 30 }, () => headed(splitScores([run(1, 2), run(2, 2)]), 2));
    const silent = tries.filter((words) => words === 'R2 is not shown to differ from R1.').length;
    // Three claims at 5 % each, of which an interval must agree.
    expect(silent).toBeGreaterThanOrEqual(24);
  });

  it('are of the rows that all of them predicted', () => {
    const scores = splitScores([run(1, 1), run(2, 1, { from: 0 }), run(3, 1, { of: outcome.slice(100), from: 100 })]);
    expect([scores.n, scores.from, scores.runs.map(({ rows }) => rows)]).toEqual([500, 100 * hour, [600, 500]]);
  });

  it('of another horizon or other outcomes are withheld with the reason, and disturb no other', () => {
    const scores = splitScores([
      run(1, 1),
      run(2, 1, { horizon: 4 }),
      run(3, 1, { of: outcome.map((value) => -value) }),
      run(4, 0.2),
    ]);
    expect(scores.runs.map(({ reason }) => reason)).toEqual([
      'R1 looks 1 bar ahead, R2 4: only the edge of each over its own best baseline can be compared.',
      'R3 saw other outcomes than R1 at 600 of 600 rows: other prices, or another instrument. Only the edge of each over its own best baseline can be compared.',
      null,
    ]);
    expect([scores.reason, scores.n, scoreOf(scores, 4, 'da')?.finding]).toEqual([null, 600, 'better']);
    const alone = splitScores([run(1, 1), run(2, 1, { horizon: 4 })]);
    expect(alone).toMatchObject({ n: 0, base: {}, reason: expect.stringContaining('bar ahead') as string });
    expect(headed(alone, 2)).toBe('The scores of R1 and R2 cannot be compared.');
    const far = splitScores([run(1, 1), run(2, 1, { from: 5000 })]);
    expect(far.reason).toBe('R1 and R2 predicted no instant in common.');
  });

  it('of runs of other tasks are those that both have, and what is missing is said', () => {
    const onlyReturn = new Map<string, TargetKind>([['ret', 'return']]);
    const scores = splitScores([run(1, 1), run(2, 1, { kinds: onlyReturn }), run(3, 1)]);
    expect(scores.runs.map((one) => one.scores.map(({ metric }) => metric))).toEqual([
      ['da', 'f1', 'rmse', 'mae', 'ic'],
      ['da', 'f1', 'log_loss', 'brier', 'rmse', 'mae', 'ic'],
    ]);
    expect(scores.notes).toEqual(['R1 alone forecasts a direction: R2 has no log loss, Brier score.']);
  });

  it('of the same forecasts are equal, not undecided', () => {
    const one = run(1, 1);
    const scores = splitScores([one, { ...one, id: 'r2', number: 2 }]);
    expect(scores.runs[0]).toMatchObject({ same: true });
    expect(scoreOf(scores, 2, 'da')).toMatchObject({ difference: 0, low: 0, high: 0, finding: 'none', test: null });
    expect(headed(scores, 2)).toBe('R2 says the same as R1 at every row.');
  });

  it('on too few rows tell nothing', () => {
    const few = { of: outcome.slice(0, 40) };
    const scores = splitScores([run(1, 1, few), run(2, 1, few)]);
    expect(scoreOf(scores, 2, 'da')).toMatchObject({ low: null, finding: 'unknown' });
    expect(headed(scores, 2)).toBe('Too few common rows to tell R1 and R2 apart.');
  });
});

describe('the heading of several runs', () => {
  it('claims what is shown, says what is not, and what seeds alone may make', () => {
    const scores = splitScores([run(1, 2), run(2, 2), run(3, 0.2)]);
    expect(headed(scores, 2, 3)).toBe(
      'R3 calls the direction better than R1. R3 gives better probabilities than R1. R3 forecasts returns better than R1.',
    );
    const within = {
      ...scores,
      runs: scores.runs.map((one) => ({
        ...one,
        scores: one.scores.map((score) => ({
          ...score,
          finding: score.metric === 'da' ? score.finding : ('none' as const),
          withinSeeds: true,
        })),
      })),
    };
    expect(headed(within, 2, 3)).toBe(
      'R3 calls the direction better than R1, by no more than seeds alone differ. In the probabilities and the returns no difference to R1 is shown.',
    );
    const none = splitScores([run(1, 2), run(2, 2), run(3, 2)]);
    expect(headed(none, 2, 3)).toBe('No run is shown to differ from R1.');
  });
});
