import { open } from 'node:fs/promises';
import type { EventBody } from '#core/run/event.ts';

/**
 * Appends one event of the sidecar's own (`queued`, `starting`, `cancelled`, `interrupted`) to a log that no process
 * writes to, and syncs it. What lies behind `offset`, the end of the last whole line, is a torn line and is cut.
 * @param offset bytes of the log that are indexed; @param lastSeq the seq they end with.
 */
export async function appendSidecarEvent(
  path: string,
  after: { readonly offset: number; readonly lastSeq: number },
  attempt: number,
  body: EventBody,
  now: Date,
): Promise<void> {
  const file = await open(path, 'a');
  try {
    if ((await file.stat()).size > after.offset) await file.truncate(after.offset);
    const event = { seq: after.lastSeq + 1, at: now.toISOString(), attempt, ...body };
    await file.writeFile(`${JSON.stringify(event)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
