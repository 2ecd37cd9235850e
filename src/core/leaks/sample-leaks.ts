import type { Bars } from '#core/bars/bars.ts';
import { countWords } from '#core/count-words.ts';
import { type Dataset, splitNames } from '#core/dataset/dataset.ts';
import { coveredRows } from '#core/dataset/windows.ts';
import { applyScaler, type ScalerState } from '#core/features/scaler.ts';
import { timeLabel } from '#core/time/time-label.ts';
import type { LeakFinding } from './leak-report.ts';
import type { Columns } from './lookahead.ts';

/** Last row that the label of a row may read: `horizon` bars on, or the last of its segment. */
export function labelEnd({ segment }: Bars, row: number, horizon: number): number {
  let end = row;
  while (end < row + horizon && segment[end + 1] === segment[row]) end++;
  return end;
}

/** Splits that are not in time, and labels that end in the next split: looked at in all rows. */
export function splitLeaks(bars: Bars, { samples }: Dataset, horizon: number): readonly LeakFinding[] {
  const findings: LeakFinding[] = [];
  const mixed = (name: string, row: number, what: string) =>
    findings.push({
      ...nothing,
      kind: 'split',
      name,
      time: bars.time[row],
      message: `${what}: samples are not in time`,
    });
  const present = splitNames.filter((name) => samples[name].length > 0);
  for (const name of present) {
    const part = samples[name];
    const back = part.findIndex((row, k) => k > 0 && bars.time[row] <= bars.time[part[k - 1]]);
    if (back > 0)
      mixed(name, part[back], `a ${name} row at ${timeLabel(bars.time[part[back]])} comes after a later one`);
  }
  for (const [k, name] of present.slice(1).entries()) {
    const before = present[k];
    const [first] = endsOf(samples[name]);
    const [, last] = endsOf(samples[before]);
    if (bars.time[last] >= bars.time[first]) {
      mixed(before, last, `a ${before} row at ${timeLabel(bars.time[last])} is no earlier than the first ${name} row`);
      continue;
    }
    const reaching: number[] = [];
    for (const row of samples[before]) {
      if (row + horizon >= first && labelEnd(bars, row, horizon) >= first) reaching.push(row);
    }
    if (reaching.length === 0) continue;
    const labels = countWords(reaching.length, `${before} label`);
    findings.push({
      ...nothing,
      ...{ kind: 'purge', name: before, time: bars.time[reaching[0]], rows: reaching.length },
      message:
        `${labels} ${reaching.length === 1 ? 'reaches' : 'reach'} into the ${name} split, the first of ` +
        `${timeLabel(bars.time[reaching[0]])}: data.split.purge is less than the horizon`,
    });
  }
  return findings;
}

/** The least and the greatest, wherever they stand. */
function endsOf(rows: Int32Array): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const row of rows) {
    if (row < least) least = row;
    if (row > most) most = row;
  }
  return [least, most];
}

/** Whether the model is given the features that were looked at: compared on `rows`. */
export function inputLeaks(dataset: Dataset, features: Columns, rows: readonly number[]): readonly LeakFinding[] {
  const width = dataset.names.length;
  const known = dataset.names.filter((name) => features.names.includes(name));
  const taken = Int32Array.from(rows);
  const values = known.map((name) => ({ name, values: gather(features.columns[features.names.indexOf(name)], taken) }));
  const expected = applyScaler(only(dataset.scaler, known), values, taken.length);
  const differing = new Map<string, number[]>();
  const differs = (name: string, row: number) => differing.set(name, [...(differing.get(name) ?? []), row]);
  taken.forEach((row, k) => {
    known.forEach((name, c) => {
      const given = dataset.features[row * width + dataset.names.indexOf(name)];
      if (!Object.is(given, expected[k * known.length + c])) differs(name, row);
    });
  });
  for (const name of dataset.names) if (!known.includes(name)) differing.set(name, [...rows]);
  return [...differing].map(([name, [first, ...others]]) => ({
    ...nothing,
    ...{ kind: 'input', name, time: dataset.time[first], rows: 1 + others.length },
    message: `${name} at ${timeLabel(dataset.time[first])} is given to the model with another value than the bars give`,
  }));
}

/** What of training differs between the data set and that of the same bars changed after the last train label. */
export function trainLeaks(own: Dataset, changed: Dataset): readonly LeakFinding[] {
  const after = 'when bars after the last train label change';
  const { train } = own.samples;
  if (!isEqual(train, changed.samples.train)) {
    return [{ ...nothing, kind: 'train', name: 'train', message: `the rows of the train split change ${after}` }];
  }
  const findings: LeakFinding[] = [];
  const scaled = own.scaler.names.filter((name) => !isSameScale(name, own.scaler, changed.scaler));
  for (const name of changed.scaler.names) if (!own.scaler.names.includes(name)) scaled.push(name);
  if (scaled.length > 0) {
    const of = `${scaled.length} of ${countWords(own.scaler.names.length, 'column')}, the first ${scaled[0]}`;
    const message = `the scaler reads rows after the train split: its center or scale of ${of} changes ${after}`;
    findings.push({ ...nothing, kind: 'scaler', name: scaled[0], message });
  }
  for (const [t, { name, mean, sd, raw, labels }] of own.tasks.entries()) {
    const other = changed.tasks[t];
    if (mean !== other.mean || sd !== other.sd) {
      const message = `the standardisation of ${name} reads labels after the train split: its mean or deviation changes ${after}`;
      findings.push({ ...nothing, kind: 'standard', name, message });
    } else if (train.some((row) => !Object.is(raw[row], other.raw[row]) || labels[row] !== other.labels[row])) {
      findings.push({ ...nothing, kind: 'train', name, message: `train labels of ${name} change ${after}` });
    }
  }
  if (scaled.length === 0) findings.push(...windowLeaks(own, changed, after));
  return findings;
}

/** Columns whose scaled values in train windows differ, though the scaler is the same. */
function windowLeaks(own: Dataset, changed: Dataset, after: string): readonly LeakFinding[] {
  const width = own.names.length;
  const covered = coveredRows(own.samples.train, own.lookback, own.rows);
  return own.names.flatMap((name, c): readonly LeakFinding[] => {
    const isMoved = (row: number) => own.features[row * width + c] !== changed.features[row * width + c];
    const row = covered.findIndex((inside, i) => inside === 1 && isMoved(i));
    if (row < 0) return [];
    const at = timeLabel(own.time[row]);
    return [
      {
        ...nothing,
        kind: 'train',
        name,
        time: own.time[row],
        message: `${name} of the train window at ${at} changes ${after}`,
      },
    ];
  });
}

const nothing = { time: null, rows: 0, ahead: null } as const;

function gather(column: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => column[row]);
}

/** The state with some of its columns. */
function only({ kind, names, center, scale, clip }: ScalerState, wanted: readonly string[]): ScalerState {
  const places = wanted.map((name) => names.indexOf(name));
  return { kind, clip, names: wanted, center: places.map((c) => center[c]), scale: places.map((c) => scale[c]) };
}

function isSameScale(name: string, a: ScalerState, b: ScalerState): boolean {
  const [i, j] = [a.names.indexOf(name), b.names.indexOf(name)];
  return j >= 0 && a.center[i] === b.center[j] && a.scale[i] === b.scale[j];
}

function isEqual(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((row, k) => row === b[k]);
}
