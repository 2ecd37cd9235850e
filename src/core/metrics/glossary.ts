/** What a name in a result means, for a person who meets it. */
interface Term {
  /** As a table calls it: "DA". */
  readonly label: string;
  /** One sentence. */
  readonly explanation: string;
  /** Unit of its values: log return, nats, rows; empty where it has none. */
  readonly unit: string;
  /** Which way is better; null where neither is. */
  readonly better: 'higher' | 'lower' | null;
}

/** Every metric by its name without split and task (FORMATS.md#metric-names). */
const metricTerms: Readonly<Record<string, Term>> = {
  loss: {
    label: 'loss',
    explanation: 'What training makes small; it can be compared between runs of one loss only.',
    unit: '',
    better: 'lower',
  },
  da: {
    label: 'DA',
    explanation: 'Directional accuracy: the share of rows whose side, up or down, was forecast right.',
    unit: 'share',
    better: 'higher',
  },
  f1: {
    label: 'F1',
    explanation:
      'Mean of the F1 scores of up and of down: it is high only where both sides are found and few are missed.',
    unit: '',
    better: 'higher',
  },
  rmse: {
    label: 'RMSE',
    explanation: 'Root of the mean squared error of the forecast return: large errors weigh most.',
    unit: 'log return',
    better: 'lower',
  },
  mae: {
    label: 'MAE',
    explanation: 'Mean size of the error of the forecast return.',
    unit: 'log return',
    better: 'lower',
  },
  r2: {
    label: 'R²',
    explanation:
      'Share of the squared error of always saying the mean train return that the model saves: below 0 it adds error.',
    unit: 'share',
    better: 'higher',
  },
  ic: {
    label: 'IC',
    explanation:
      'Information coefficient: the correlation of forecast and outcome, 0 where they have nothing in common.',
    unit: '',
    better: 'higher',
  },
  sd_ratio: {
    label: 'spread',
    explanation:
      'How much the forecasts vary, as a share of how much the target does: near 0 the model says the same everywhere, far above 1 it invents moves.',
    unit: 'share',
    better: null,
  },
  log_loss: {
    label: 'log loss',
    explanation: 'Mean surprise at what came, given the probability it was forecast with: a coin has 0.6931.',
    unit: 'nats',
    better: 'lower',
  },
  brier: {
    label: 'Brier score',
    explanation: 'Mean squared distance of the probability of up from what came, 0 or 1: a coin has 0.25.',
    unit: '',
    better: 'lower',
  },
  n: {
    label: 'rows',
    explanation: 'Rows where both forecast and outcome have a side.',
    unit: 'rows',
    better: null,
  },
  n_eff: {
    label: 'count as',
    explanation:
      'Labels of h bars overlap and say the same thing up to h times: n rows count as n/h independent ones in intervals and tests.',
    unit: 'rows',
    better: null,
  },
  excluded: {
    label: 'left out',
    explanation: 'Rows that DA leaves out: the price did not move, or the forecast took no side.',
    unit: 'rows',
    better: null,
  },
};

/** Scores to look at first, in their order. */
export const headlineMetrics: readonly string[] = ['da', 'f1', 'log_loss', 'brier', 'rmse', 'mae', 'r2', 'ic'];

/** What a baseline is, for a person who meets it. */
interface BaselineTerm {
  /** At the head of a column: "train mean". */
  readonly label: string;
  /** Behind "better than": "the train mean". */
  readonly phrase: string;
  /** One sentence. */
  readonly explanation: string;
}

/** Every baseline by its name in a result. */
const baselineTerms: Readonly<Record<string, BaselineTerm>> = {
  zero: { label: 'no return', phrase: 'no return', explanation: 'Says that the price stays.' },
  train_mean: {
    label: 'train mean',
    phrase: 'the train mean',
    explanation: 'Says the mean return of the train rows everywhere, or their share of up as the probability.',
  },
  majority: {
    label: 'always one side',
    phrase: 'always one side',
    explanation: 'Always says the side that was commoner on the train rows.',
  },
  coin: {
    label: 'coin',
    phrase: 'a coin',
    explanation: 'Says up or down by the toss of a fair coin; the score is what it gets on average.',
  },
  persistence: {
    label: 'persistence',
    phrase: 'persistence',
    explanation: 'Says that the return of the last h bars comes again.',
  },
  contrarian: {
    label: 'contrarian',
    phrase: 'the contrarian',
    explanation: 'Says that the return of the last h bars is undone.',
  },
  seasonal: {
    label: 'seasonal',
    phrase: 'the seasonal forecast',
    explanation:
      'Says the return that followed the same bar a day before, or a week before where bars last a day or more.',
  },
  ridge: {
    label: 'ridge',
    phrase: 'ridge regression',
    explanation: 'A linear regression on the last 24 one-bar returns, fitted on the train rows.',
  },
};

/** The term of a baseline; one that a later version may have named stands for itself. */
export function baselineTerm(name: string): BaselineTerm {
  return Object.hasOwn(baselineTerms, name) ? baselineTerms[name] : { label: name, phrase: name, explanation: '' };
}

/** The term of a metric as events name it: `val.ret.rmse`, `da`, `da_low`; undefined where it has none. */
export function termOf(metric: string): Term | undefined {
  const name = metric.slice(metric.lastIndexOf('.') + 1).replace(/_(low|high)$/, '');
  return metricTerms[name];
}

/**
 * What a table calls a metric, as events name it without its split: "DA", and of one task "ret: RMSE". One that a later
 * version may have named stands for itself.
 */
export function metricLabel(metric: string): string {
  const dot = metric.lastIndexOf('.');
  const label = termOf(metric)?.label;
  return label === undefined ? metric : `${dot < 0 ? '' : `${metric.slice(0, dot)}: `}${label}`;
}
