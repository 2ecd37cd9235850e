import type { RunEvent } from '#core/run/event.ts';

/** One frame of a stream, as it came. */
export interface Frame {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Reads the stream of a run until `enough` says so; the connection is then closed. */
export async function readStream(
  url: string,
  enough: (event: RunEvent, frames: readonly Frame[]) => boolean,
  headers: Record<string, string> = {},
): Promise<readonly Frame[]> {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  if (response.body === null || !response.ok) throw new Error(`the stream answered ${response.status}`);
  const frames: Frame[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body) {
      rest += decoder.decode(chunk, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
        if (id === undefined || event === undefined || data === undefined) continue;
        frames.push({ id, event, data });
        if (enough(JSON.parse(data) as RunEvent, frames)) return frames;
      }
    }
  } finally {
    stop.abort();
  }
  return frames;
}

/** The last event of a run that has ended. */
export function isEnd(event: RunEvent): boolean {
  return event.type === 'status' && ['completed', 'failed', 'cancelled', 'interrupted'].includes(event.state);
}
