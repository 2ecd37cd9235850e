/** The fields of one server-sent event, as they came. */
export interface SentEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

/**
 * Reads an answer of server-sent events one after the other, until the server ends it or the reader has enough: the
 * connection is then closed. Throws where the answer is not such a stream, the signal aborts or the connection breaks.
 */
export async function* sentEvents(url: string, init: RequestInit = {}): AsyncGenerator<SentEvent> {
  const response = await fetch(url, init);
  if (response.body === null || !response.ok) throw new Error(`the stream answered ${response.status}`);
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n').filter((line) => !line.startsWith(':'));
      const fields = lines.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]);
      if (fields.length > 0) yield Object.fromEntries(fields) as SentEvent;
    }
  }
}
