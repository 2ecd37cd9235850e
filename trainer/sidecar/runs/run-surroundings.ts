import { join } from 'node:path';
import { z } from 'zod';
import { runFiles } from '#core/run/run-files.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { readFrozenRun } from '#trainer/run-folder/frozen.ts';
import { readRunJson } from '#trainer/run-folder/run-json.ts';

const environmentSchema = z.object({
  version: z.string().nullable(),
  commit: z.string().nullable(),
  engineVersion: z.string(),
  node: z.string(),
  os: z.string(),
  cpu: z.string().nullable(),
  cores: z.number(),
  packages: z.record(z.string(), z.string()),
});

/** What a run was made with, as its folder tells; each null where that does not say. */
export interface Surroundings {
  readonly environment: z.infer<typeof environmentSchema> | null;
  /** sha256 of the bytes of its data. */
  readonly fingerprint: string | null;
  readonly trainSamples: number | null;
  /** The parent's checkpoint whose weights it started from; 'random' where there was none. */
  readonly start: string | null;
  /** Version of the code that trained it; null in runs of older versions. */
  readonly code: string | null;
  /** Text of config.yaml, empty where it cannot be read. */
  readonly config: string;
}

const dataSchema = z.object({
  fingerprint: z.string(),
  dataset: z.object({ samples: z.object({ train: z.int() }) }).nullish(),
});

export async function readSurroundings(runsFolder: string, id: string): Promise<Surroundings> {
  const folder = join(runsFolder, id);
  const [environment, data, record, config] = await Promise.all([
    readRunJson(folder, runFiles.environment, environmentSchema.partial({ packages: true })),
    readRunJson(folder, runFiles.data, dataSchema),
    readFrozenRun(folder)
      .then((frozen) => frozen.record)
      .catch(() => null),
    readPlainFile(join(folder, runFiles.config)).catch(() => ''),
  ]);
  return {
    environment: environment && { ...environment, packages: environment.packages ?? {} },
    fingerprint: data?.fingerprint ?? null,
    trainSamples: data?.dataset?.samples.train ?? null,
    start: record && (record.from?.checkpoint ?? 'random'),
    code: record?.code ?? null,
    config,
  };
}
