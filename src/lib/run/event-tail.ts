import { type RunEvent, eventSchema } from '#core/run/event.ts';
import { ApiError, type Fetch } from '#lib/api/request.ts';

/** Reads one event off the wire; null for what is none, so that a newer server cannot break an open page. */
export function parseEvent(text: string): RunEvent | null {
  try {
    const event = eventSchema.safeParse(JSON.parse(text));
    return event.success ? event.data : null;
  } catch {
    return null;
  }
}

/**
 * Reads a run's event log itself, from where it stopped, by byte range: the same events as the stream delivers, for
 * networks in which a stream does not get through. A torn last line is left for the next call.
 */
export class EventTail {
  readonly #url: string;
  readonly #fetch: Fetch;
  #offset = 0;

  constructor(url: string, fetcher: Fetch) {
    this.#url = url;
    this.#fetch = fetcher;
  }

  /** Whole events written since the last call. @throws ApiError when the server does not answer */
  async read(): Promise<readonly RunEvent[]> {
    let answer: Response;
    try {
      answer = await this.#fetch(this.#url, { headers: { range: `bytes=${this.#offset}-` }, cache: 'no-store' });
    } catch {
      throw new ApiError(0, 'unreachable', 'Almanac does not answer');
    }
    if (answer.status === 416 || answer.status === 404) return [];
    if (!answer.ok) throw new ApiError(answer.status, 'internal', `The event log answered ${answer.status}`);
    const all = new Uint8Array(await answer.arrayBuffer());
    const bytes = answer.status === 206 ? all : all.subarray(this.#offset);
    const end = bytes.lastIndexOf(10) + 1;
    if (end === 0) return [];
    this.#offset += end;
    return new TextDecoder()
      .decode(bytes.subarray(0, end))
      .split('\n')
      .map((line) => (line === '' ? null : parseEvent(line)))
      .filter((event) => event !== null);
  }
}
