import type { Task } from '#core/dataset/dataset.ts';
import type { ResultCheck } from '#core/run/result.ts';
import { barToBeat } from './bar-to-beat.ts';
import { bestBaseline, type ScoredBaseline } from './baselines.ts';
import { dieboldMariano } from './diebold-mariano.ts';
import { countSides } from './direction-score.ts';
import { explainedAccuracy } from './explained-accuracy.ts';
import { baselineTerm } from './glossary.ts';
import type { Numbers } from './numbers.ts';
import { pesaranTimmermann, type TestOutcome } from './pesaran-timmermann.ts';
import { columnOf } from './score-parts.ts';
import { type ScoredRows, signsOf } from './scored-rows.ts';

/** One-sided, of each test behind "better". */
const significance = 0.05;
/** Independent rows below which neither a leak nor an accuracy is told from luck. */
const leastRows = 30;
/** How far the lower end of DA lies above what is explained where a leak is likelier than a discovery. */
const leakMargin = 0.01;
/** Deviation of the forecast over that of the target, below which a model says the same everywhere. */
const leastSpread = 0.05;

type Baselines = Readonly<Record<string, ScoredBaseline>>;

interface Sides {
  readonly task: Task;
  readonly predicted: Float64Array;
  readonly rows: ScoredRows;
  readonly scores: Numbers;
  readonly baselines: Baselines;
  /** The commoner side of the train rows: 1 for up, −1 for down. */
  readonly majority: 1 | -1;
}

/** Checks of a forecast of the side (METRICS.md#checks); one that does not apply is absent. */
export function checkSides({ task, predicted, rows, scores, baselines, majority }: Sides): readonly ResultCheck[] {
  const { da, da_low, da_high, n, n_eff, f1, f1_low } = scores;
  if (!Number.isFinite(da)) return [];
  const said = signsOf(task, predicted);
  const came = signsOf(task, rows.actual);
  const range = `DA ${da.toFixed(3)} (95 %: ${da_low.toFixed(3)} to ${da_high.toFixed(3)}, ${n.toLocaleString('en')} rows that count as ${Math.round(n_eff).toLocaleString('en')})`;
  const tooFew = n_eff < leastRows ? `; fewer than ${leastRows} rows tell nothing from luck` : '';

  const naive = bestBaseline(baselines, 'da');
  const explained = explainedAccuracy(said, came, naive?.forecast ? signsOf(task, naive.forecast) : null);
  const isLeak = tooFew === '' && da_low > explained + leakMargin;
  const known = `${explained.toFixed(3)} that the shares of up and ${baselineTerm(naive?.name ?? 'coin').phrase} explain`;
  const leak: ResultCheck = {
    code: 'leak',
    name: isLeak ? 'suspected leak' : 'no sign of a leak',
    ok: !isLeak,
    level: isLeak ? 'warn' : tooFew ? 'none' : 'ok',
    message: isLeak
      ? `${range} lies more than ${leakMargin} above the ${known}: look for features that see the future before you believe it.`
      : `${range} beside the ${known}${tooFew}.`,
  };

  const always = baselines.majority.scores.da ?? NaN;
  const bar = barToBeat(always);
  const rival = always >= 0.5 ? (majority > 0 ? 'always up' : 'always down') : 'a coin';
  const test = pesaranTimmermann(countSides(said, came), n_eff);
  const isBetter = tooFew === '' && da_low > bar && test !== null && test.p < significance;
  const still = said.every((side) => side === said[0]) ? 'it never changes side' : 'the outcome never changes side';
  const why = test === null ? still : `Pesaran–Timmermann p ${formatP(test.p)}`;
  const direction: ResultCheck = {
    code: 'direction',
    ...outcome(isBetter, rival),
    message: `${range} against ${bar.toFixed(3)} of ${rival}, ${why}${tooFew}.`,
    ...(test && { p: test.p }),
  };

  const coin = baselines.coin.scores.f1;
  const alwaysF1 = baselines.majority.scores.f1 ?? 0;
  const f1Bar = Math.max(coin, alwaysF1);
  const f1Rival = coin >= alwaysF1 ? 'a coin' : majority > 0 ? 'always up' : 'always down';
  const found = outcome(tooFew === '' && f1_low > f1Bar && test !== null, f1Rival);
  const sides: ResultCheck = {
    code: 'f1',
    ...found,
    name: `F1 ${found.name}`,
    message: `F1 ${f1.toFixed(3)}${f1_low === undefined ? '' : ` (95 %: from ${f1_low.toFixed(3)})`} against ${f1Bar.toFixed(3)} of ${f1Rival}.`,
  };
  return [leak, direction, sides];
}

interface Values {
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
  readonly scores: Numbers;
  readonly baselines: Baselines;
  readonly horizon: number;
}

/** Checks of a forecast of a number; one that does not apply is absent. */
export function checkNumbers({ predicted, actual, scores, baselines, horizon }: Values): readonly ResultCheck[] {
  const { rmse, sd_ratio } = scores;
  if (!Number.isFinite(rmse)) return [];
  const squares = (forecast: Float64Array) => columnOf(actual.length, (i) => (forecast[i] - actual[i]) ** 2);
  const own = squares(predicted);
  const against = (code: string, name: string): ResultCheck => {
    const { forecast, scores: rival } = baselines[name];
    const test: TestOutcome | null = forecast && dieboldMariano(own, squares(forecast), horizon);
    const isBetter = test !== null && test.p < significance;
    const p = test === null ? 'no difference to test' : `Diebold–Mariano p ${formatP(test.p)}`;
    return {
      code,
      ...outcome(isBetter, baselineTerm(name).phrase),
      message: `RMSE ${rmse.toPrecision(4)} against ${rival.rmse.toPrecision(4)}, ${p}.`,
      ...(test && { p: test.p }),
    };
  };
  const best = bestBaseline(baselines, 'rmse')?.name;
  return [
    against('zero', 'zero'),
    against('train_mean', 'train_mean'),
    ...(best === undefined || best === 'zero' || best === 'train_mean' ? [] : [against('baseline', best)]),
    ...(Number.isFinite(sd_ratio) ? [checkSpread(sd_ratio)] : []),
  ];
}

function checkSpread(ratio: number): ResultCheck {
  const percent = (100 * ratio).toLocaleString('en', { maximumSignificantDigits: ratio < 1 ? 2 : 4 });
  const share = `forecasts vary ${percent} % as much as the target`;
  const message = `Standard deviation of the forecasts over that of the target: ${ratio.toPrecision(4)}.`;
  if (ratio < leastSpread) {
    return { code: 'spread', name: `${share}: the model predicts the mean`, ok: false, level: 'warn', message };
  }
  // The best forecast of a number varies less than the number: the rest of it cannot be known.
  if (ratio > 1) {
    return { code: 'spread', name: `${share}: more than a forecast can know`, ok: false, level: 'warn', message };
  }
  return { code: 'spread', name: share, ok: true, level: 'ok', message };
}

function outcome(isBetter: boolean, rival: string): Pick<ResultCheck, 'name' | 'ok' | 'level'> {
  return {
    name: `${isBetter ? 'better' : 'not shown better'} than ${rival}`,
    ok: isBetter,
    level: isBetter ? 'ok' : 'none',
  };
}

function formatP(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
