import { join } from 'node:path';
import type { z } from 'zod';
import { readPlainFile } from '#disk/plain-file.ts';

/** What a JSON file of a run says; null where it is not there, cannot be read or says something else. */
export async function readRunJson<Value>(
  runFolder: string,
  name: string,
  schema: z.ZodType<Value>,
): Promise<Value | null> {
  try {
    return schema.parse(JSON.parse(await readPlainFile(join(runFolder, name))));
  } catch {
    return null;
  }
}
