import { type DeliveredEvent, deliveredEventSchema } from '#core/run/event.ts';

/**
 * Reads a run's server-sent events as a browser does: from `since`, until the server closes, the signal aborts or the
 * connection breaks. Every frame is checked: its id is its event's seq, its name the event's type.
 */
export async function readStream(
  api: string,
  id: string,
  since: number,
  take: (event: DeliveredEvent) => void,
  signal?: AbortSignal,
): Promise<void> {
  const response = await fetch(`${api}/runs/${id}/stream`, {
    headers: { accept: 'text/event-stream', ...(since > 0 ? { 'last-event-id': String(since) } : {}) },
    ...(signal ? { signal } : {}),
  });
  if (!response.ok || !response.body) throw new Error(`stream answered ${response.status}`);
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    rest += decoder.decode(chunk, { stream: true });
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const fields = rest
        .slice(0, end)
        .split('\n')
        .filter((line) => !line.startsWith(':'));
      rest = rest.slice(end + 2);
      const value = (name: string) => fields.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = value('data');
      if (data === undefined) continue;
      const event = deliveredEventSchema.parse(JSON.parse(data));
      if (value('id') !== String(event.seq) || value('event') !== event.type) {
        throw new Error(`frame ${value('id')} ${value('event')} carries event ${event.seq} ${event.type}`);
      }
      take(event);
    }
  }
}
