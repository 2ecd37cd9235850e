import type { DeliveredEvent } from '#core/run/event.ts';

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
  const stop = new AbortController();
  const response = await fetch(url, { signal: stop.signal });
  if (response.body === null || !response.ok) throw new Error(`the stream answered ${response.status}`);
  const frames: SharedFrame[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body) {
      rest += decoder.decode(chunk, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, kind, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        if (kind === undefined || data === undefined) continue;
        const frame = { kind, ...(JSON.parse(data) as object) } as SharedFrame;
        frames.push(frame);
        if (enough(frame, frames)) return frames;
      }
    }
  } finally {
    stop.abort();
  }
  throw new Error('the server has ended the stream');
}
