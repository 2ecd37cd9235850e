import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, groups } from '#core/config/config.ts';
import { parseYaml, writeConfig, writeYaml } from '#core/config/yaml.ts';
import { AppError } from '#core/error.ts';
import { type StartCheckpoint, startFolder } from '#trainer/sidecar/runs/start-checkpoint.ts';
import { syncFolder, writeSynced } from './synced.ts';

/** `run.json`: what a run is beyond its configuration, so that the index can be rebuilt from the folder alone. */
const runRecordSchema = z.object({
  id: z.string(),
  number: z.int(),
  name: z.string(),
  notebook: z.string().nullable(),
  parent: z.string().nullable(),
  /** The parent's checkpoint whose weights it starts from, copied to `initial/`. */
  from: z.object({ checkpoint: z.string() }).optional(),
  /** Dotted keys that differ from the parent's configuration: [old, new]. */
  changed: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
  tags: z.array(z.string()),
  createdAt: z.string(),
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
  readonly start?: Pick<StartCheckpoint, 'copyTo'>;
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
    'notebook.md': run.source,
    'config.yaml': writeConfig(run.config),
    'overrides.yaml': writeYaml(run.overrides),
    'run.json': `${JSON.stringify(run.record, null, 2)}\n`,
    'events.jsonl': `${JSON.stringify(queued)}\n`,
  };
  try {
    await mkdir(draft);
    await run.start?.copyTo(join(draft, startFolder));
    for (const [name, text] of Object.entries(files)) await writeSynced(join(draft, name), text);
    await syncFolder(draft);
    await rename(draft, join(runsFolder, id));
    await syncFolder(runsFolder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
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
  return readFile(join(runFolder, 'notebook.md'), 'utf8');
}

/** Reads back what `writeFrozenRun` wrote. @throws AppError internal naming the file that cannot be used. */
export async function readFrozenRun(
  runFolder: string,
): Promise<{ readonly record: RunRecord; readonly config: unknown; readonly overrides: readonly string[] }> {
  const record = runRecordSchema.safeParse(parseJson(await readFile(join(runFolder, 'run.json'), 'utf8')));
  if (!record.success) throw new AppError('internal', 'run.json is not what Almanac writes.');
  const config = parseYaml(await readFile(join(runFolder, 'config.yaml'), 'utf8'));
  if (config.issues.length > 0) throw new AppError('internal', `config.yaml: ${config.issues[0].message}`);
  const overrides = parseYaml(await readFile(join(runFolder, 'overrides.yaml'), 'utf8'));
  const list = z.array(z.string()).safeParse(overrides.value);
  if (!list.success) throw new AppError('internal', 'overrides.yaml is not a list of texts.');
  return { record: record.data, config: config.value, overrides: list.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A notebook that says all of a configuration, for a run that was made without one. */
export function notebookOf(title: string, config: Config): string {
  const cells = groups.map((group) => `\`\`\`yaml ${group}\n${writeYaml(config[group]).trimEnd()}\n\`\`\`\n`);
  return `---\ntitle: ${JSON.stringify(title)}\n---\n\n${cells.join('\n')}`;
}
