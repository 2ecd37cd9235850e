import { barToBeat } from '#core/metrics/bar-to-beat.ts';
import { type EventNumber, fromEventNumber } from './event.ts';
import type { RunView } from './reduce.ts';
import type { ResultCheck } from './result.ts';

/** What a finished run has shown on the validation rows. */
interface Verdict {
  /**
   * leak: more accurate than is believable; better: shown better than always one side and than a coin, or, where no
   * forecast has a side, than no return; mean: not shown better, and it says nearly the same everywhere.
   */
  readonly state: 'better' | 'not_shown' | 'leak' | 'mean';
  /** The state in a table or strip: "not shown better". */
  readonly word: string;
  /** The check that it rests on; null where no check says it. */
  readonly lead: ResultCheck | null;
  /** For the top of the page, without a full stop. */
  readonly sentence: string;
}

const words: Readonly<Record<Verdict['state'], string>> = {
  better: 'better',
  not_shown: 'not shown better',
  leak: 'suspected leak',
  mean: 'predicts the mean',
};

type Result = RunView['results'][string];

/**
 * How training went and what came of it. Null before the result of validation is there, and in runs of older versions,
 * whose checks were no tests.
 *
 * @example
 * verdictOf(emptyRunView()); // null
 * // and of a finished run, as its sentence:
 * // "stopped early at 7 of 10 · best epoch 2 · validation DA 0.532 (0.496 to 0.568) against 0.505: not shown better"
 */
export function verdictOf(
  view: Pick<RunView, 'status' | 'reason' | 'progress' | 'checkpoints' | 'results'>,
): Verdict | null {
  const result = view.results.validation;
  if (result === undefined || result.checks.every(({ code }) => code === undefined)) return null;
  const { state, lead = null } = weigh(result);
  const word = words[state];
  const epoch = view.checkpoints.best?.epoch;
  const best = epoch === undefined ? [] : [`best epoch ${epoch}`];
  const sentence = [...trainingWords(view), ...best, `${figures(result)}: ${word}`].join(' · ');
  return { state, word, lead, sentence };
}

/** A suspected leak outweighs a good score, and a forecast of the mean a score that shows nothing. */
function weigh({ checks, metrics }: Result): { readonly state: Verdict['state']; readonly lead?: ResultCheck } {
  const find = (code: string) => checks.find((check) => check.code === code);
  const [leak, score, spread] = [find('leak'), find('direction') ?? find('zero'), find('spread')];
  if (leak?.level === 'warn') return { state: 'leak', lead: leak };
  if (score?.level === 'ok') return { state: 'better', lead: score };
  const isFlat = spread?.level === 'warn' && number(metrics.sd_ratio) < 1;
  return isFlat ? { state: 'mean', lead: spread } : { state: 'not_shown', lead: score };
}

function trainingWords({ status, reason, progress }: Pick<RunView, 'status' | 'reason' | 'progress'>): string[] {
  if (reason?.startsWith('early stopping') && progress) {
    return [`stopped early at ${progress.epoch} of ${progress.epochs}`];
  }
  if (status === 'completed' && reason) return [reason];
  return progress ? [`stopped at ${progress.epoch} of ${progress.epochs}`] : [];
}

function figures({ metrics, baselines }: Result): string {
  const three = (name: string) => number(metrics[name]).toFixed(3);
  if (Number.isFinite(number(metrics.da))) {
    const bar = barToBeat(number(baselines.majority?.da));
    return `validation DA ${three('da')} (${three('da_low')} to ${three('da_high')}) against ${bar.toFixed(3)}`;
  }
  const four = (value: EventNumber | undefined) => number(value).toPrecision(4);
  return `validation RMSE ${four(metrics.rmse)} against ${four(baselines.zero?.rmse)} of no return`;
}

function number(value: EventNumber | undefined): number {
  return value === undefined ? NaN : fromEventNumber(value);
}
