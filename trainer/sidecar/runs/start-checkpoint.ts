import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Config } from '#core/config/config.ts';
import { ownValue } from '#core/config/document.ts';
import type { ModelConfig } from '#core/config/model.ts';
import { AppError, type Issue } from '#core/error.ts';
import { modelOf } from '#core/models/registry.ts';
import { modelVersionSchema, requireModelVersion } from '#core/models/version.ts';
import { checkpointFiles, checkpointPath } from '#core/run/run-files.ts';
import { checkpointNames, filesOfCheckpoint } from './artifact-list.ts';
import { openRunFile, type RunFile } from '#trainer/run-folder/open-file.ts';
import { createFile } from '#disk/create-file.ts';
import { syncFolder } from '#disk/sync-folder.ts';

const manifestSchema = z.object({
  model: modelVersionSchema.optional(),
  files: z.record(z.string().regex(/^\w[\w.-]*$/), z.object({ bytes: z.int().min(0), sha256: z.string() })),
});

/** A checkpoint of another run from whose weights a new run is to start. */
export interface StartCheckpoint {
  readonly name: string;
  /** Size of its files together, as far as it is known before copying. */
  readonly bytes: number;
  /** Refuses weights of another form of the network. @throws AppError checkpoint_outdated. */
  requireVersion(model: ModelConfig): Promise<void>;
  /**
   * Copies the files into `folder`, which is made, each checked against the manifest and on the disk when it returns.
   * @throws AppError checkpoint_damaged where they do not agree, artifact_not_found where they have gone.
   */
  copyTo(folder: string): Promise<void>;
}

/**
 * The checkpoint `name` of the run in `runFolder`; only its own plain files are read.
 * @throws AppError artifact_not_found naming the checkpoints there are.
 */
export async function findStartCheckpoint(runFolder: string, name: string): Promise<StartCheckpoint> {
  const paths = await filesOfCheckpoint(runFolder, name);
  if (!paths.includes(checkpointPath(name, checkpointFiles.manifest))) throw await missing(runFolder, name);
  let bytes = 0;
  for (const path of paths) {
    const file = await openRunFile(runFolder, path).catch(() => null);
    bytes += file?.bytes ?? 0;
    await file?.handle.close();
  }
  return {
    name,
    bytes,
    async requireVersion(model) {
      // One that is not read here is refused by name when it is copied.
      const { manifest } = await readManifest(runFolder, name);
      if (manifest !== null) requireModelVersion(name, manifest.model, model);
    },
    async copyTo(folder) {
      await mkdir(folder);
      // A trainer at work may replace the checkpoint between two files: then it is copied again from its beginning.
      for (let attempt = 1; ; attempt++) {
        const problem = await copyFiles(runFolder, name, folder);
        if (problem === null) return;
        if (attempt === 5) {
          const next = 'Expected files that agree with its manifest.json; take another checkpoint.';
          throw new AppError('checkpoint_damaged', `Checkpoint ${name} ${problem}. ${next}`);
        }
        await sleep(20 * attempt);
      }
    },
  };
}

/** Null, or what does not agree. */
async function copyFiles(runFolder: string, name: string, folder: string): Promise<string | null> {
  const { text, manifest } = await readManifest(runFolder, name);
  if (manifest === null) return 'has a manifest.json that is not one';
  for (const [file, expected] of Object.entries(manifest.files)) {
    const source = await openRunFile(runFolder, checkpointPath(name, file)).catch(() => null);
    if (source === null) return `lacks ${file}`;
    try {
      const sha256 = await copyFile(source, join(folder, file));
      if (sha256 !== expected.sha256) return `has another ${file} than its manifest says (sha256)`;
    } finally {
      await source.handle.close();
    }
  }
  await createFile(join(folder, checkpointFiles.manifest), text, { replace: true });
  await syncFolder(folder);
  return null;
}

/** The text of a checkpoint's manifest, and what it says; null where it says nothing. */
async function readManifest(runFolder: string, name: string) {
  const { handle } = await openRunFile(runFolder, checkpointPath(name, checkpointFiles.manifest));
  try {
    const text = await handle.readFile('utf8');
    return { text, manifest: manifestSchema.safeParse(parseJson(text)).data ?? null };
  } finally {
    await handle.close();
  }
}

/** Answers the sha256 of what was copied. */
async function copyFile(source: RunFile, path: string): Promise<string> {
  const hash = createHash('sha256');
  const target = await open(path, 'w', 0o644);
  try {
    for await (const chunk of source.handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer);
      await target.writeFile(chunk as Buffer);
    }
    await target.sync();
  } finally {
    await target.close();
  }
  return hash.digest('hex');
}

async function missing(runFolder: string, name: string): Promise<AppError> {
  const names = await checkpointNames(runFolder);
  const there = names.length === 0 ? 'it has none yet' : `it has ${names.join(', ')}`;
  return new AppError(
    'artifact_not_found',
    `from.checkpoint: expected a checkpoint of this run, received ${JSON.stringify(name)}; ${there}.`,
    { issues: [{ path: 'from.checkpoint', message: `no such checkpoint; ${there}` }] },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Refuses a configuration whose model the weights of a run with the configuration `before` cannot fit, as far as that can be told
 * without the data; the trainer compares every array when it starts.
 * @throws AppError invalid_config naming each key, what the checkpoint has, and what to do.
 */
export function requireSameModel(before: Config, config: Config): void {
  const issues: Issue[] = [];
  const compare = (path: string, expected: unknown, received: unknown) => {
    if (expected === received) return;
    issues.push({ path, message: `expected ${String(expected)}, as the checkpoint has, received ${String(received)}` });
  };
  compare('model.architecture', before.model.architecture, config.model.architecture);
  compare('model.variant', before.model.variant, config.model.variant);
  for (const key of modelOf(config.model.architecture).shapedBy) {
    compare(`model.${key}`, ownValue(before.model, key), ownValue(config.model, key));
  }
  compare('targets.tasks', kindsOf(before), kindsOf(config));
  if (issues.length === 0) return;
  const [first] = issues;
  const next = 'Keep it as it was, or fork without from to start from random weights.';
  throw new AppError('invalid_config', `${first.path}: ${first.message}. ${next}`, { issues });
}

function kindsOf({ targets }: Config): string {
  return Object.values(targets.tasks)
    .map(({ kind }) => kind)
    .join(' and ');
}
