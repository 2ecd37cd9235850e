import type { Numbers } from './task-score.ts';

/** A finding on the honesty of a score, as it stands in a `result` event. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

/** Honest accuracy on the next bars is 0.50 to 0.53 (METRICS.md#checks). */
const LEAK_DA = 0.56;
/** Deviation of the forecast over that of the target, below which a model says the same everywhere. */
const LEAST_SD_RATIO = 0.05;

/** Judges named metrics against baselines of the same rows; a check that does not apply is absent. */
export function checkScores(metrics: Numbers, baselines: Readonly<Record<string, Numbers>>): readonly Check[] {
  const checks: Check[] = [];
  const { da, da_low, da_high, rmse, sd_ratio } = metrics;
  if (Number.isFinite(da)) {
    const range = `DA ${da.toFixed(3)} (95 %: ${da_low.toFixed(3)} to ${da_high.toFixed(3)}, ${metrics.n} rows that count as ${Math.round(metrics.n_eff)})`;
    checks.push({
      name: 'suspected leak',
      ok: da <= LEAK_DA,
      message:
        da <= LEAK_DA
          ? `${range} is in the honest range up to ${LEAK_DA}.`
          : `${range} is above ${LEAK_DA}: look for features that see the future before you believe it.`,
    });
    const majority = baselines.majority?.da;
    if (Number.isFinite(majority)) {
      const ok = da_low > majority;
      checks.push({
        name: 'beats majority',
        ok,
        message: `${range} against ${majority.toFixed(3)} of always saying the commoner direction: ${ok ? 'better' : 'not shown to be better'}.`,
      });
    }
  }
  const zero = baselines.zero?.rmse;
  if (Number.isFinite(rmse) && Number.isFinite(zero)) {
    const ok = rmse < zero;
    checks.push({
      name: 'beats zero return',
      ok,
      message: `RMSE ${rmse.toPrecision(4)} against ${zero.toPrecision(4)} of always saying no return: ${ok ? 'better' : 'not better'}.`,
    });
  }
  if (Number.isFinite(sd_ratio)) {
    const ok = sd_ratio >= LEAST_SD_RATIO;
    const share = `The forecast varies ${(100 * sd_ratio).toFixed(1)} % as much as the target`;
    checks.push({
      name: 'predicting the mean',
      ok,
      message: ok ? `${share}.` : `${share}: the model is predicting the mean.`,
    });
  }
  return checks;
}
