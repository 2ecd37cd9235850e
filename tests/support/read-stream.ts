import type { RunEvent } from '#core/run/event.ts';
import { type SentEvent, sentEvents } from './sent-events.ts';

/** One frame of a run's stream, as it came. */
type Frame = Required<SentEvent>;

/** Reads the stream of a run until `enough` says so; the connection is then closed. */
export async function readStream(
  url: string,
  enough: (event: RunEvent, frames: readonly Frame[]) => boolean,
  headers: Record<string, string> = {},
): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for await (const { id, event, data } of sentEvents(url, { headers })) {
    if (id === undefined || event === undefined || data === undefined) continue;
    frames.push({ id, event, data });
    if (enough(JSON.parse(data) as RunEvent, frames)) return frames;
  }
  return frames;
}

/** The last event of a run that has ended. */
export function isEnd(event: RunEvent): boolean {
  return event.type === 'status' && ['completed', 'failed', 'cancelled', 'interrupted'].includes(event.state);
}
