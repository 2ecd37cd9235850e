import { type DeliveredEvent, deliveredEventSchema } from '#core/run/event.ts';
import { runFiles } from '#core/run/run-files.ts';
import { ApiError, type Fetch } from '#lib/api/request.ts';
import { artifactUrl, eventsUrl } from '#lib/api/runs.ts';

/** Reads one event off the wire; null for what is none, so that a newer server cannot break an open page. */
export function parseEvent(text: string): DeliveredEvent | null {
  try {
    const event = deliveredEventSchema.safeParse(JSON.parse(text));
    return event.success ? event.data : null;
  } catch {
    return null;
  }
}

/**
 * Reads a run's event log itself, from where it stopped, by byte range: the same events as the stream delivers, for
 * networks in which a stream does not get through. A torn last line is left for the next call. A log that is withheld,
 * because it holds test results that are sealed, is read as the sidecar delivers it.
 */
export class EventTail {
  readonly #id: string;
  readonly #fetch: Fetch;
  #offset = 0;

  constructor(id: string, fetcher: Fetch) {
    this.#id = id;
    this.#fetch = fetcher;
  }

  /**
   * Whole events written since the last call.
   * @param since seq of the newest event that is known.
   * @throws ApiError when the server does not answer
   */
  async read(since: number): Promise<readonly DeliveredEvent[]> {
    const answer = await this.#ask(artifactUrl(this.#id, runFiles.events), {
      headers: { range: `bytes=${this.#offset}-` },
    });
    if (answer.status === 416 || answer.status === 404) return [];
    if (answer.status === 409) return this.#readDelivered(since);
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

  /** As the sidecar delivers them, a page at a time; the next call goes on. */
  async #readDelivered(since: number): Promise<readonly DeliveredEvent[]> {
    const answer = await this.#ask(eventsUrl(this.#id, since), {});
    if (!answer.ok) throw new ApiError(answer.status, 'internal', `The events answered ${answer.status}`);
    const { items } = (await answer.json()) as { readonly items: readonly unknown[] };
    return items.flatMap((item) => deliveredEventSchema.safeParse(item).data ?? []);
  }

  #ask(url: string, init: RequestInit): Promise<Response> {
    return this.#fetch(url, { ...init, cache: 'no-store' }).catch(() => {
      throw new ApiError(0, 'unreachable', 'Almanac does not answer');
    });
  }
}
