import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#core/error.ts';
import { type DeliveredEvent, deliveredEventSchema } from '#core/run/event.ts';
import { isSettled } from '#core/run/state.ts';
import type { Client } from './client.ts';

/** Times in a row that a broken line is tried again, and the ms between. */
const mostFailures = 20;
const pause = 500;

/**
 * Events of a run after `since`, as they come: to the one that ends the run, or until `signal` aborts. Connects again
 * where the line breaks.
 */
export async function* followRun(
  client: Client,
  id: string,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<DeliveredEvent> {
  let last = since;
  for (let failures = 0; !signal.aborted && failures < mostFailures; failures++) {
    try {
      const answer = await client.runs[':id'].stream.$get(
        { param: { id }, query: {} },
        { headers: { 'last-event-id': String(last) }, init: { signal } },
      );
      // Nothing is left to say.
      if (answer.status === 204) return;
      if (answer.body === null || !answer.ok) throw new Error(`The stream answered ${answer.status}.`);
      for await (const event of readFrames(answer.body)) {
        last = event.seq;
        failures = 0;
        yield event;
        if (event.type === 'status' && isSettled(event.state)) return;
      }
    } catch {
      if (signal.aborted) return;
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
  if (!signal.aborted)
    throw new AppError('internal', `The stream of run ${id} broke off; almanac show ${id} says how it went.`);
}

async function* readFrames(body: ReadableStream<Uint8Array>): AsyncGenerator<DeliveredEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data: ')) yield deliveredEventSchema.parse(JSON.parse(line.slice('data: '.length)));
    }
  }
}
