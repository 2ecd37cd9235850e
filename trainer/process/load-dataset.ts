import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { countWords } from '#core/count-words.ts';
import { AppError } from '#core/error.ts';
import { type LeakReport, leakVerdict } from '#core/leaks/leak-report.ts';
import type { Evaluation } from '#core/run/evaluation.ts';
import { runFiles } from '#core/run/run-files.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { dataRoots } from './data-roots.ts';
import { keyEvaluation } from './evaluation-keys.ts';
import { replaceJson } from '#disk/replace-file.ts';

interface LoadedDataset {
  readonly dataset: Dataset;
  readonly evaluation: Evaluation;
}

/**
 * Reads the data of a run into a data set, names the rows it is scored on, and writes `data.json`. A later attempt must
 * find the same bytes as the first: a run that goes on with other data would mix two runs.
 */
export async function loadDataset(
  folder: string,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  say: (level: 'info' | 'warn', message: string, alert?: boolean) => void,
): Promise<LoadedDataset> {
  const [{ loadBars }, { assembleDataset }, { computeFeatures }, { findLeaks, quick }] = await Promise.all([
    import('#trainer/data/load.ts'),
    import('#core/dataset/assemble.ts'),
    import('#core/features/matrix.ts'),
    import('#core/leaks/find-leaks.ts'),
  ]);
  const { bars, report, fingerprint, files } = await loadBars(config.data, {
    roots: dataRoots(env),
    extra: Object.keys(config.features.columns),
  });
  const path = join(folder, runFiles.data);
  const before = await findFingerprint(path);
  if (before !== null && before !== fingerprint)
    throw new AppError(
      'state_conflict',
      `The data of ${config.data.source} has changed since this run began (sha256 ${fingerprint.slice(0, 12)}…, expected ` +
        `${before.slice(0, 12)}…). Put the file back, or start a new run with the new data.`,
    );
  const matrix = computeFeatures(bars, config.features, { timezone: config.data.timezone });
  const dataset = assembleDataset(bars, config, undefined, matrix);
  const evaluation = keyEvaluation(dataset);
  const leaks = findLeaks({ bars, config, dataset, matrix, effort: quick });
  await replaceJson(path, {
    source: config.data.source,
    files,
    fingerprint,
    cleaning: report,
    dataset: dataset.report,
    evaluation,
    leaks,
  });
  const { samples, notes } = dataset.report;
  say(
    'info',
    `${bars.time.length} bars, ${countWords(dataset.names.length, 'feature')}; samples: ${samples.train} train, ` +
      `${samples.validation} validation, ${samples.test} test.`,
  );
  for (const note of notes) say('info', note);
  sayLeaks(leaks, say);
  return { dataset, evaluation };
}

/** Every finding and note as a line; what a person must see before believing a number as one alert. */
function sayLeaks(report: LeakReport, say: Parameters<typeof loadDataset>[3]): void {
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

async function findFingerprint(path: string): Promise<string | null> {
  try {
    return z.object({ fingerprint: z.string() }).parse(JSON.parse(await readPlainFile(path))).fingerprint;
  } catch {
    return null;
  }
}
