import { sentEvents } from '#tests/support/sent-events.ts';

/** Answers when the stream of a run has had an event of this type. */
export async function untilEvent(api: string, id: string, type: string): Promise<void> {
  for await (const { event } of sentEvents(`${api}/runs/${id}/stream`)) if (event === type) return;
  throw new Error(`The stream of run ${id} ended without a ${type}.`);
}
