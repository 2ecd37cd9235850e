import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, groups } from '#core/config/config.ts';
import { completeFile, parseConfig, toFile } from '#core/config/config-file.ts';
import { type Document, isMap } from '#core/config/document.ts';
import { parseYaml, writeConfig, writeYaml } from '#core/config/yaml.ts';
import { AppError } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import { createFile } from '#disk/create-file.ts';
import { readPlainFile } from '#disk/plain-file.ts';
import { syncFolder } from '#disk/sync-folder.ts';

/** Bars of an earlier run that a fork trains on. */
export const keptBarsSchema = z.object({
  /** Their id in `runs/.bars`. */
  content: z.string(),
  /** When they were read from the file. */
  readAt: z.string(),
  /** What loading them took; null where that is not known. */
  seconds: z.number().nullable().default(null),
});

/** `run.json`: what a run is beyond its configuration, so that the index can be rebuilt from the folder alone. */
const runRecordSchema = z.object({
  id: z.string(),
  number: z.int(),
  name: z.string(),
  notebook: z.string().nullable(),
  parent: z.string().nullable(),
  /** The parent's checkpoint whose weights it starts from, copied to `initial/`. */
  from: z.object({ checkpoint: z.string() }).optional(),
  /** Bars that were kept of an earlier run and are to be used, whatever the file is by now. */
  bars: keptBarsSchema.optional(),
  /** Dotted keys that differ from the parent's configuration: [old, new]. */
  changed: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
  tags: z.array(z.string()),
  createdAt: z.string(),
  /** Version of the code that was to train it (codeVersion); absent in runs of older versions. */
  code: z.string().optional(),
  /** The `config` part of the request, which no cell of the notebook shows; null where there was none. */
  given: z.unknown(),
  /** Idempotency-Key of the request, so that a retry after a crash still finds its run. */
  key: z.object({ key: z.string(), sha256: z.string() }).nullable(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** All that is frozen when a run is created. */
interface FrozenRun {
  readonly record: RunRecord;
  readonly source: string;
  readonly config: Config;
  readonly overrides: readonly string[];
  /** Checkpoint that is copied into the folder. */
  readonly start?: { copyTo(folder: string): Promise<void> };
}

/**
 * Makes the folder of a new run with its frozen files and the event `queued`, all on disk when it returns. It gets its
 * name last: a folder with an id for a name is complete.
 */
export async function writeFrozenRun(runsFolder: string, run: FrozenRun): Promise<void> {
  const { id, createdAt } = run.record;
  const draft = join(runsFolder, `.${id}.tmp`);
  const queued = { seq: 1, at: createdAt, attempt: 1, type: 'status', state: 'queued' };
  const files = {
    [runFiles.notebook]: run.source,
    [runFiles.config]: writeConfig(run.config),
    [runFiles.overrides]: writeYaml(run.overrides),
    [runFiles.record]: `${JSON.stringify(run.record, null, 2)}\n`,
    [runFiles.events]: `${JSON.stringify(queued)}\n`,
  };
  try {
    await mkdir(draft);
    await run.start?.copyTo(join(draft, runFiles.start));
    for (const [name, text] of Object.entries(files)) await createFile(join(draft, name), text);
    await syncFolder(draft);
    await rename(draft, join(runsFolder, id));
    await syncFolder(runsFolder);
  } catch (error) {
    // Its name may be lost again, or not: a run that is refused must not be found at the next start.
    await rename(join(runsFolder, id), draft).catch(() => undefined);
    // What cannot be removed now goes at the next start.
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/** Takes back what `writeFrozenRun` made; the folder loses its name first, so that a half of it is never a run. */
export async function discardFrozenRun(runsFolder: string, id: string): Promise<void> {
  const draft = join(runsFolder, `.${id}.tmp`);
  await rename(join(runsFolder, id), draft);
  await rm(draft, { recursive: true, force: true });
}

/** Text of the frozen notebook. */
export async function readFrozenSource(runFolder: string): Promise<string> {
  return readPlainFile(join(runFolder, runFiles.notebook));
}

/** Reads back what `writeFrozenRun` wrote. @throws AppError internal naming the file that cannot be used. */
export async function readFrozenRun(
  runFolder: string,
): Promise<{ readonly record: RunRecord; readonly config: Document; readonly overrides: readonly string[] }> {
  const record = runRecordSchema.safeParse(parseJson(await readPlainFile(join(runFolder, runFiles.record))));
  if (!record.success) throw new AppError('internal', 'run.json is not what Almanac writes.');
  const config = parseYaml(await readPlainFile(join(runFolder, runFiles.config)));
  if (config.issues.length > 0) throw new AppError('internal', `config.yaml: ${config.issues[0].message}`);
  if (!isMap(config.value)) throw new AppError('internal', 'config.yaml is not a map of groups.');
  const overrides = parseYaml(await readPlainFile(join(runFolder, runFiles.overrides)));
  const list = z.array(z.string()).safeParse(overrides.value);
  if (!list.success) throw new AppError('internal', 'overrides.yaml is not a list of texts.');
  return { record: record.data, config: completeFile(config.value), overrides: list.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes a whole configuration as a notebook, for a run that was created without one. */
export function notebookOf(title: string, config: Config): string {
  const file = toFile(config);
  const cells = groups.map((group) => `\`\`\`yaml ${group}\n${writeYaml(file[group]).trimEnd()}\n\`\`\`\n`);
  return `---\ntitle: ${JSON.stringify(title)}\n---\n\n${cells.join('\n')}`;
}

/** Reads the frozen, resolved `config.yaml` of a run. Throws invalid_config where it is missing or not one. */
export async function readRunConfig(runFolder: string): Promise<Config> {
  let text: string;
  try {
    text = await readPlainFile(join(runFolder, runFiles.config));
  } catch (cause) {
    throw new AppError('invalid_config', 'The run folder has no config.yaml that can be read.', { cause });
  }
  const { value, issues: faults } = parseYaml(text);
  const { config, issues } = parseConfig(value);
  if (faults.length === 0 && config) return config;
  const found = [...faults.map(({ message }) => ({ path: '', message })), ...issues];
  const first = found[0];
  throw new AppError(
    'invalid_config',
    `config.yaml of the run is not a resolved configuration: ${first.path ? `${first.path}: ` : ''}${first.message}`,
    { issues: found },
  );
}
