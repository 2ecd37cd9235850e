import { type DeliveredEvent, deliveredEventSchema } from '#core/run/event.ts';
import { sentEvents } from './sent-events.ts';

/**
 * Reads a run's server-sent events as a browser does: from `since`, until the server closes, the signal aborts or the
 * connection breaks. Every frame is checked: its id is its event's seq, its name the event's type.
 */
export async function followRun(
  api: string,
  id: string,
  since: number,
  take: (event: DeliveredEvent) => void,
  signal?: AbortSignal,
): Promise<void> {
  const headers = { accept: 'text/event-stream', ...(since > 0 ? { 'last-event-id': String(since) } : {}) };
  const sent = sentEvents(`${api}/runs/${id}/stream`, { headers, ...(signal ? { signal } : {}) });
  for await (const { id: seq, event: type, data } of sent) {
    if (data === undefined) continue;
    const event = deliveredEventSchema.parse(JSON.parse(data));
    if (seq !== String(event.seq) || type !== event.type) {
      throw new Error(`frame ${seq} ${type} carries event ${event.seq} ${event.type}`);
    }
    take(event);
  }
}
