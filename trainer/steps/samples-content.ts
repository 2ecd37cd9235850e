import { z } from 'zod';
import { closingTimes } from '#core/bars/bars.ts';
import type { Dataset, DatasetReport, ScoredSplit } from '#core/dataset/dataset.ts';
import { splitNames } from '#core/dataset/dataset.ts';
import type { LeakReport } from '#core/leaks/leak-report.ts';
import type { Evaluation } from '#core/run/evaluation.ts';
import { targetKinds } from '#core/targets/registry.ts';
import type { Content, NumberArray } from '#trainer/cache/content-file.ts';
import { requireArray } from './bars-content.ts';

/** What a model is trained on, the rows that it is scored on, and what was found to be wrong with it. */
export interface Samples {
  readonly dataset: Dataset;
  readonly evaluation: Evaluation;
  readonly leaks: LeakReport;
}

const metaSchema = z.object({
  kind: z.literal('samples'),
  names: z.array(z.string()),
  rows: z.int(),
  lookback: z.int(),
  horizon: z.int(),
  tasks: z.array(z.object({ name: z.string(), kind: z.enum(targetKinds), raw: z.string() })),
  outcomes: z.array(z.string()),
  scaler: z.object({ kind: z.enum(['standard', 'robust']), names: z.array(z.string()), clip: z.number() }),
  // Only looked at: a schema would put their keys into its own order.
  report: z.custom<DatasetReport>(isObject),
  evaluation: z.custom<Evaluation>(isObject),
  leaks: z.custom<LeakReport>(isObject),
});

const scored = ['validation', 'test'] as const satisfies readonly ScoredSplit[];

/** Numbers go into arrays even where they are few: in JSON −0 would come back as 0. */
export function toSamplesContent({ dataset, evaluation, leaks }: Samples): Content {
  const arrays: Record<string, NumberArray> = {};
  const names = new Map<NumberArray, string>();
  /** An array that is there under another name is written once. */
  const place = (name: string, array: NumberArray): string => {
    const known = names.get(array) ?? name;
    if (known === name) {
      names.set(array, name);
      arrays[name] = array;
    }
    return known;
  };
  const { scaler, tasks, samples, eligible, report } = dataset;
  place('features', dataset.features);
  place('time', dataset.time);
  place('close', dataset.close);
  place('center', Float64Array.from(scaler.center));
  place('scale', Float64Array.from(scaler.scale));
  const outcomes = dataset.outcomes.map((outcome, k) => place(`outcome ${k}`, outcome));
  const described = tasks.map(({ name, kind, raw, labels, mean, sd }, k) => {
    place(`labels ${k}`, labels);
    place(`standard ${k}`, Float64Array.of(mean, sd));
    return { name, kind, raw: place(`raw ${k}`, raw) };
  });
  for (const name of splitNames) place(`samples ${name}`, samples[name]);
  for (const name of scored) place(`eligible ${name}`, eligible[name]);
  return {
    meta: {
      kind: 'samples',
      ...{ names: dataset.names, rows: dataset.rows, lookback: dataset.lookback, horizon: dataset.horizon },
      ...{ tasks: described, outcomes, report, evaluation, leaks },
      scaler: { kind: scaler.kind, names: scaler.names, clip: scaler.clip },
    },
    arrays,
  };
}

/** @throws where it is the content of something else */
export function fromSamplesContent({ meta, arrays }: Content): Samples {
  const { scaler, tasks, outcomes, report, evaluation, leaks, names, ...sizes } = metaSchema.parse(meta);
  const doubles = (name: string) => requireArray(arrays, name, Float64Array);
  const rows = (name: string) => requireArray(arrays, name, Int32Array);
  const time = doubles('time');
  const dataset: Dataset = {
    names,
    rows: sizes.rows,
    features: requireArray(arrays, 'features', Float32Array),
    time,
    decision: closingTimes({ time, step: report.baseStep }),
    close: doubles('close'),
    lookback: sizes.lookback,
    horizon: sizes.horizon,
    tasks: tasks.map(({ name, kind, raw }, k) => {
      const [mean, sd] = doubles(`standard ${k}`);
      return { name, kind, raw: doubles(raw), labels: requireArray(arrays, `labels ${k}`, Float32Array), mean, sd };
    }),
    samples: { train: rows('samples train'), validation: rows('samples validation'), test: rows('samples test') },
    eligible: { validation: rows('eligible validation'), test: rows('eligible test') },
    outcomes: outcomes.map(doubles),
    scaler: {
      ...{ kind: scaler.kind, names: scaler.names },
      ...{ center: [...doubles('center')], scale: [...doubles('scale')], clip: scaler.clip },
    },
    report,
  };
  return { dataset, evaluation, leaks };
}

/** What is known of samples without reading them. @throws where it is said of something else */
export function toSamplesFacts(meta: unknown): Pick<Samples, 'evaluation'> & { readonly report: DatasetReport } {
  const { evaluation, report } = metaSchema.parse(meta);
  return { evaluation, report };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
