import { type DeliveredEvent, deliveredEventSchema } from '#core/run/event.ts';

/** Reads one event off the wire; null for what is none, so that a newer server cannot break an open page. */
export function parseEvent(text: string): DeliveredEvent | null {
  try {
    return deliveredEventSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
