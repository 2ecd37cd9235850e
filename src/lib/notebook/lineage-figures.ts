import { metricDifference, selectedMetric } from '#core/run/run-ranking.ts';
import { rowsDifference } from '#core/run/rows-words.ts';
import type { LineageRun } from '#core/api/lineage.ts';
import { sampleSpread } from '#core/sample-spread.ts';
import { formatDifference, formatValue } from '#lib/ui/format.ts';
import { lastWords } from '#lib/ui/key-words.ts';
import { type LineageEdge, type LineageNode, seedKey } from './lineage-layout.ts';

/** The one metric that the tree of runs shows, of the checkpoint that each selected. */
export const lineageMetric = 'val.da';

/** What stands beside a run's value. */
interface LineageNote {
  readonly text: string;
  /** In full, on hover. */
  readonly title: string;
}

/** The run by whose rows and horizon the tree is headed: that of the page, else the newest whose rows are known. */
export function headingRun(runs: readonly LineageRun[], current: string | undefined): LineageRun | undefined {
  return runs.find(({ id, evaluation }) => id === current && evaluation) ?? runs.find(({ evaluation }) => evaluation);
}

/** A run's value under the heading, which names a horizon; null where it has none, or one of another horizon. */
export function lineageValue(run: LineageRun, heading: LineageRun | undefined): number | null {
  const [own, named] = [run, heading].map((each) => each?.evaluation?.validation.horizon);
  return own !== undefined && own !== named ? null : selectedMetric(run, lineageMetric);
}

/** The difference to the parent where both are scored on the same rows, else in what the rows differ; null for nothing. */
export function lineageNote(
  run: LineageRun,
  parent: LineageRun | undefined,
  heading: LineageRun | undefined,
): LineageNote | null {
  const difference = parent ? metricDifference(run, parent, lineageMetric) : null;
  if (parent && difference !== null && lineageValue(run, heading) !== null) {
    return { text: formatDifference(difference), title: `${difference} against R${parent.number}` };
  }
  // A run without a value needs no reason why it is not compared.
  if (selectedMetric(run, lineageMetric) === null) return null;
  for (const other of [parent, heading]) {
    const words = other && rowsDifference(run, other);
    if (!words) continue;
    const [short] = words.includes(':') ? words.split(':') : ['other rows'];
    return { text: short, title: `Against R${other.number}: ${words}` };
  }
  return null;
}

/** Of runs that differ in nothing but the seed: mean and standard deviation of those with a value under the heading. */
export function seedsValue(
  { runs }: Pick<LineageNode, 'runs'>,
  heading: LineageRun | undefined,
): ReturnType<typeof sampleSpread> | null {
  const values = runs.flatMap((run) => lineageValue(run, heading) ?? []).filter(Number.isFinite);
  return values.length === 0 ? null : sampleSpread(values);
}

/** The change that an edge stands for, short: "1h.rsi.period 14→21 +2"; in full for the hover, a line a key. */
export function edgeWords({ changed, seeds }: LineageEdge): LineageNote {
  const full = Object.entries(changed).map(
    ([key, [before, after]]) => `${key} ${formatValue(before)} → ${formatValue(after)}`,
  );
  const short = Object.entries(changed).map(([key, [before, after]]) => {
    const later = key === seedKey && seeds.length > 1 ? seeds : [after];
    return `${lastWords(key)} ${brief(before)}→${later.map(brief).join(', ')}`;
  });
  if (short.length === 0) return { text: 'the same again', title: 'No configuration key differs' };
  const more = short.length > 1 ? ` +${short.length - 1}` : '';
  return { text: `${short[0]}${more}`, title: full.join('\n') };
}

function brief(value: unknown): string {
  const text = formatValue(value);
  return text.length > 14 ? `${text.slice(0, 13)}…` : text;
}
