/**
 * A body from pieces, each made when the one before it has been taken: a client that does not read holds one piece. Who
 * leaves ends the generator.
 */
export function bodyStream(pieces: AsyncGenerator<string, void, void>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        for (;;) {
          const { value, done } = await pieces.next();
          if (done === true) return controller.close();
          if (value !== '') return controller.enqueue(encoder.encode(value));
        }
      },
      async cancel() {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}
