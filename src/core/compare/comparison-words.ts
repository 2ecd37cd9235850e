import type { Finding, SplitScores } from '#core/api/run-diff.ts';
import { countWords } from '#core/count-words.ts';
import { metricLabel } from '#core/metrics/glossary.ts';
import { rowsDifference, rowsInWords } from '#core/run/rows-words.ts';
import type { RunSummary } from '#core/run/summary.ts';

/** What is said of a run in words. */
type WordedRun = Pick<RunSummary, 'id' | 'number' | 'evaluation' | 'engine' | 'finishedAt' | 'metrics'> & {
  /** sha256 of the data it read; null where that is not known. */
  readonly fingerprint: string | null;
};

/** What of a forecast its scores judge, the first that is there being the one that speaks. */
const claims = [
  { metrics: ['da'], better: 'calls the direction better', worse: 'calls the direction worse', what: 'the direction' },
  {
    metrics: ['log_loss', 'brier'],
    better: 'gives better probabilities',
    worse: 'gives worse probabilities',
    what: 'the probabilities',
  },
  {
    metrics: ['rmse', 'mae'],
    better: 'forecasts returns better',
    worse: 'forecasts returns worse',
    what: 'the returns',
  },
] as const;

interface Claim {
  readonly run: string;
  readonly finding: Finding;
  readonly withinSeeds: boolean;
  /** The scores that show it, where others of the same claim do not; empty where all do. */
  readonly by: readonly string[];
}

/**
 * What tests on the common rows show of runs against their base, in a sentence or two. Only what is shown is claimed;
 * that nothing is shown is said as such, for it is no proof of equality.
 *
 * @example
 * const same = { id: 'b', rows: 400, reason: null, same: true, scores: [] };
 * comparisonHeading('R9', [{ id: 'b', label: 'R13' }], { reason: null, runs: [same] }); // "R13 says the same as R9 at every row."
 */
export function comparisonHeading(
  base: string,
  others: readonly { readonly id: string; readonly label: string }[],
  { reason, runs }: Pick<SplitScores, 'reason' | 'runs'>,
): string {
  if (reason !== null)
    return `The scores of ${listed([base, ...others.map(({ label }) => label)])} cannot be compared.`;
  const beside = runs.filter((run) => run.reason === null);
  const labelOf = (id: string) => others.find((run) => run.id === id)?.label ?? '';
  const same = beside.filter((run) => run.same).map(({ id }) => labelOf(id));
  const judged = beside.filter((run) => !run.same);
  const found = claims.flatMap((claim) => {
    const findings = judged.flatMap(({ id, scores }): readonly Claim[] => {
      const own = scores.filter(({ metric }) => claim.metrics.some((name) => name === metric));
      if (own.length === 0) return [];
      const shown = own.filter(({ finding }) => finding === 'better' || finding === 'worse');
      const isMixed = new Set(shown.map(({ finding }) => finding)).size > 1;
      const finding = isMixed
        ? 'none'
        : (shown[0]?.finding ?? (own.every((one) => one.finding === 'unknown') ? 'unknown' : 'none'));
      const withinSeeds = shown.length > 0 && shown.every((one) => one.withinSeeds === true);
      const by = shown.length < own.length ? shown.map(({ metric }) => metricLabel(metric)) : [];
      return [{ run: labelOf(id), finding, withinSeeds, by }];
    });
    return findings.length === 0 ? [] : [{ claim, findings }];
  });
  const all = found.flatMap(({ findings }) => findings);
  const sentences = [
    ...(same.length === 0
      ? []
      : [`${listed(same)} ${same.length === 1 ? 'says' : 'say'} the same as ${base} at every row.`]),
    ...nothingWords(
      base,
      judged.map(({ id }) => labelOf(id)),
      all,
    ),
    ...found.flatMap(({ claim, findings }) =>
      (['better', 'worse'] as const).flatMap((which) =>
        shownWords(
          base,
          claim[which],
          findings.filter(({ finding }) => finding === which),
        ),
      ),
    ),
    ...(all.some(({ finding }) => finding === 'better' || finding === 'worse') ? restWords(base, found) : []),
  ];
  return sentences.join(' ');
}

function shownWords(base: string, verb: string, shown: readonly Claim[]): readonly string[] {
  const alike = Map.groupBy(shown, ({ by, withinSeeds }) => `${by.join()} ${withinSeeds}`);
  return [...alike.values()].map((group) => {
    const [{ by, withinSeeds }] = group;
    const does = group.length === 1 ? verb : verb.replace(/^(\w+)s /, '$1 ');
    const measured = by.length === 0 ? '' : ` by ${listed(by)}`;
    const caveat = withinSeeds ? ', by no more than seeds alone differ' : '';
    return `${listed(group.map(({ run }) => run))} ${does} than ${base}${measured}${caveat}.`;
  });
}

/** Where nothing is shown of anything. */
function nothingWords(base: string, judged: readonly string[], all: readonly Claim[]): readonly string[] {
  if (judged.length === 0 || all.some(({ finding }) => finding === 'better' || finding === 'worse')) return [];
  if (all.length > 0 && all.every(({ finding }) => finding === 'unknown')) {
    return [`Too few common rows to tell ${listed([base, ...judged])} apart.`];
  }
  const who = judged.length === 1 ? `${judged[0]} is` : 'No run is';
  const not = judged.length === 1 ? 'not ' : '';
  return [`${who} ${not}shown to differ from ${base}.`];
}

/** What is not shown beside what is: the direction first, for that is looked at first. */
function restWords(
  base: string,
  found: readonly { readonly claim: (typeof claims)[number]; readonly findings: readonly Claim[] }[],
): readonly string[] {
  const silent = found.filter(({ findings }) =>
    findings.every(({ finding }) => finding !== 'better' && finding !== 'worse'),
  );
  if (silent.length === 0) return [];
  return [`In ${listed(silent.map(({ claim }) => claim.what))} no difference to ${base} is shown.`];
}

/**
 * On what the scores stand: whether runs read the same bars and are scored on the same rows, which rows are common, and
 * whose scores are withheld and why.
 */
export function comparisonLead(runs: readonly WordedRun[], scores: SplitScores): string {
  const [base, ...others] = runs;
  const label = ({ number }: Pick<WordedRun, 'number'>) => `R${number}`;
  const withheld = scores.runs.flatMap(({ id, reason }) => (reason === null ? [] : [{ id, reason }]));
  const reasons = withheld.map(({ reason }) => reason);
  const odd = others.flatMap((run) => {
    if (withheld.some(({ id }) => id === run.id)) return [];
    const difference = rowsDifference(run, base);
    return difference === null ? [] : [`${label(run)} has ${difference}.`];
  });
  const isSameData = base.fingerprint !== null && others.every(({ fingerprint }) => fingerprint === base.fingerprint);
  const rows = base.evaluation?.validation;
  const common =
    odd.length === 0 && withheld.length < others.length && rows !== undefined
      ? [`${isSameData ? 'Same file, same' : 'Same'} rows and labels: validation from ${rowsInWords(rows)}.`]
      : odd;
  if (scores.reason !== null) return [...common, ...(reasons.length > 0 ? reasons : [scores.reason])].join(' ');
  const scored = [base, ...others.filter(({ id }) => scores.runs.some((run) => run.id === id && run.reason === null))];
  const lost = scored.flatMap((run) => {
    const own = run === base ? null : scores.runs.find(({ id }) => id === run.id);
    const more = (own?.rows ?? scores.n) - scores.n;
    return more > 0 ? [`${label(run)} predicted ${countWords(more, 'row', { write: whole.format })} more`] : [];
  });
  const who = scored.length === 2 ? 'both' : `all ${scored.length}`;
  return [
    ...common,
    `Scores are on the ${countWords(scores.n, 'row', { write: whole.format })} that ${who} predicted, which count as ${whole.format(scores.nEff)}${lost.length === 0 ? '' : `; ${listed(lost)}`}.`,
    ...reasons,
    ...scores.notes,
  ].join(' ');
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const list = new Intl.ListFormat('en', { type: 'conjunction' });

function listed(words: readonly string[]): string {
  return list.format(words);
}
