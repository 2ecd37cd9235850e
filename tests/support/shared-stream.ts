import type { DeliveredEvent } from '#core/run/event.ts';
import { sentEvents } from './sent-events.ts';

/** One frame of GET /stream, its data read. */
export type SharedFrame =
  | { readonly kind: 'event'; readonly run: string; readonly after: number; readonly event: DeliveredEvent }
  | { readonly kind: 'gone'; readonly run: string }
  | { readonly kind: 'list'; readonly changed: readonly string[] };

/** Reads a shared stream until `enough` says so; the connection is then closed. */
export async function readSharedStream(
  url: string,
  enough: (frame: SharedFrame, frames: readonly SharedFrame[]) => boolean,
): Promise<readonly SharedFrame[]> {
  const frames: SharedFrame[] = [];
  for await (const { id, event: kind, data } of sentEvents(url)) {
    // Frames of this stream bear no id.
    if (id !== undefined || kind === undefined || data === undefined) continue;
    const frame = { kind, ...(JSON.parse(data) as object) } as SharedFrame;
    frames.push(frame);
    if (enough(frame, frames)) return frames;
  }
  throw new Error('the server has ended the stream');
}
