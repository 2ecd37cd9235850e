import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '#core/config/config.ts';
import type { ConfigDiff } from '#core/config/diff.ts';
import { countWords } from '#core/count-words.ts';
import { fewBatchesNote } from '#core/dataset/few-batches.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { AppError } from '#core/error.ts';
import { type LeakReport, leakVerdict } from '#core/leaks/leak-report.ts';
import type { Evaluation } from '#core/run/evaluation.ts';
import { runFiles } from '#core/run/run-files.ts';
import { reasonOfStep } from '#core/steps/step-reason.ts';
import type { StepRecord } from '#core/steps/step-record.ts';
import { reuseWords } from '#core/steps/reuse-words.ts';
import { replaceJson } from '#disk/replace-file.ts';
import { keptBarsSchema, type RunRecord } from '#trainer/run-folder/frozen.ts';
import { readRunJson } from '#trainer/run-folder/run-json.ts';
import { stockOf } from '#trainer/steps/stock.ts';
import { Steps } from '#trainer/steps/steps.ts';
import { dataRoots } from './data-roots.ts';

interface LoadedDataset {
  readonly dataset: Dataset;
  readonly evaluation: Evaluation;
  /** Returns when all that was worked out is kept for runs to come; what could not be is said. */
  readonly settled: () => Promise<void>;
}

/** What is known of a run besides its configuration. */
interface LoadContext {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Bars that it is to use, and what it changes of its parent, as run.json has them. */
  readonly record?: Pick<RunRecord, 'bars'> & { readonly changed: ConfigDiff };
  readonly say: (level: 'info' | 'warn', message: string, alert?: boolean) => void;
}

/**
 * Reads the data of a run into a data set, names the rows it is scored on, and writes `data.json`. A later attempt must
 * find the bars of the first: a run that goes on with other data would mix two runs. What was worked out before is reused.
 */
export async function loadDataset(config: Config, context: LoadContext): Promise<LoadedDataset> {
  const { folder, env, record, say } = context;
  const before = await readRunJson(folder, runFiles.data, reportSchema);
  const stock = stockOf(folder, env);
  const bars = await wantedBars(before, record, stock.kept);
  const steps = new Steps(config, {
    ...stock,
    roots: dataRoots(env),
    bars,
  });
  const { id, report, fingerprint, files } = await steps.source();
  if (before !== null && before.fingerprint !== fingerprint)
    throw new AppError(
      'state_conflict',
      `The data of ${config.data.source} has changed since this run began (sha256 ${fingerprint.slice(0, 12)}…, expected ` +
        `${before.fingerprint.slice(0, 12)}…). Put the file back, or start a new run with the new data.`,
    );
  const { dataset, evaluation, leaks } = await steps.samples();
  const kept = await steps.keepBars().catch((error: unknown) => {
    say('warn', `The bars of this run could not be kept for its forks: ${String(error)}.`);
    return null;
  });
  const cache = steps.records.map((one): StepRecord => ({ ...one, why: reasonOfStep(one, record?.changed ?? {}) }));
  const few = fewBatchesNote(dataset.report.samples.train, config.train.batch_size);
  const notes = [...dataset.report.notes, ...(few === null ? [] : [few])];
  await replaceJson(join(folder, runFiles.data), {
    source: config.data.source,
    files,
    fingerprint,
    bars: {
      content: id,
      readAt: bars?.readAt ?? new Date().toISOString(),
      seconds: bars === null ? loadingTime(steps.records) : bars.seconds,
      bytes: kept,
    },
    cleaning: report,
    dataset: { ...dataset.report, notes },
    evaluation,
    leaks,
    cache,
  });
  const { samples } = dataset.report;
  for (const one of cache) say('info', reuseWords(one));
  say(
    'info',
    `${dataset.rows} bars, ${countWords(dataset.names.length, 'feature')}; samples: ${samples.train} train, ` +
      `${samples.validation} validation, ${samples.test} test.`,
  );
  for (const note of notes) say('info', note);
  sayLeaks(leaks, say);
  const settled = async () => {
    for (const refusal of await steps.settled()) say('warn', `Not kept for runs to come: ${refusal}.`);
  };
  return { dataset, evaluation, settled };
}

/** The bars of the attempt before, if they are kept; else those that the run was made with; null: those of the file. */
async function wantedBars(
  before: Report | null,
  record: LoadContext['record'],
  kept: { find(id: string): Promise<number | null> },
): Promise<NonNullable<RunRecord['bars']> | null> {
  if (before?.bars && (await kept.find(before.bars.content)) !== null) return before.bars;
  return record?.bars ?? null;
}

/** What loading the bars of the file took, now or when it was done. */
function loadingTime(records: readonly StepRecord[]): number | null {
  const data = records.find(({ step }) => step === 'data');
  return data === undefined ? null : data.seconds + (data.saved ?? 0);
}

/** Every finding and note as a line; what a person must see before believing a number as one alert. */
function sayLeaks(report: LeakReport, say: LoadContext['say']): void {
  const { findings, notes } = report;
  const verdict = leakVerdict(report);
  if (findings.length === 0) say('info', `${verdict}.`);
  else {
    const rest = findings.length > 1 ? ` The log has all ${findings.length}.` : '';
    say('warn', `${verdict}: ${findings[0].message}.${rest}`, true);
    for (const { message } of findings.slice(1)) say('warn', message);
  }
  for (const note of notes) say('info', note);
}

const reportSchema = z.object({
  fingerprint: z.string(),
  bars: keptBarsSchema.optional(),
});
type Report = z.infer<typeof reportSchema>;
