/** Values of an answer of one JSON a line (application/x-ndjson), as they come. Whoever leaves off cancels it. */
export async function* readJsonLines(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let isOver = false;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (text + decoder.decode(value, { stream: true })).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as unknown;
    }
    isOver = true;
  } finally {
    if (!isOver) await reader.cancel().catch(() => undefined);
  }
}
