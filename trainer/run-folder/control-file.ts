import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ControlRequest, controlSchema } from '#core/run/control.ts';

/** Replaces the file as a whole: a reader sees the old or the new one. */
export async function writeControl(runFolder: string, control: ControlRequest): Promise<void> {
  const path = join(runFolder, 'control.json');
  await writeFile(`${path}.tmp`, `${JSON.stringify(control)}\n`);
  await rename(`${path}.tmp`, path);
}

/** What was last wanted; null where nothing readable is there. */
export async function readControl(runFolder: string): Promise<ControlRequest | null> {
  try {
    return controlSchema.parse(JSON.parse(await readFile(join(runFolder, 'control.json'), 'utf8')));
  } catch {
    return null;
  }
}
