import { setTimeout as sleep } from 'node:timers/promises';
import { outcomeWords } from '#core/run/outcome-words.ts';
import { isOfTest } from '#core/run/reduce.ts';
import { hasEnded, runStateSchema } from '#core/run/state.ts';
import type { RunSummary } from '#core/run/summary.ts';
import type { StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import type { Warn } from './sparing-warning.ts';

interface HeraldOptions {
  /** Addresses that are told. */
  readonly hooks: readonly URL[];
  /** Hosts that an address may lead on to, with their ports. */
  readonly hosts: readonly string[];
  /** What is told; undefined of a run that is gone meanwhile. */
  readonly describe: (id: string) => Promise<RunSummary | undefined>;
  readonly warn: Warn;
  readonly now?: () => Date;
  /** Ms before each further try. */
  readonly waits?: readonly number[];
}

/** A hook answers within this many ms, or is tried again. */
const patience = 10_000;
/** Times that an address may lead on to another. */
const mostHops = 3;

/**
 * Tells the addresses of the settings when a run has ended or stalled. What the log says of before this start is old news;
 * what cannot be delivered is tried three more times, in order, and then told to who reads the log of the sidecar. An
 * address is a secret: no message names more of it than its host.
 */
export class Herald {
  readonly #options: HeraldOptions;
  readonly #since: string;
  readonly #closing = new AbortController();
  readonly #stalled = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: HeraldOptions) {
    this.#options = options;
    this.#since = (options.now ?? (() => new Date()))().toISOString();
  }

  /** Events of a run have come. */
  note(id: string, events: readonly Pick<StoredEvent, 'type' | 'body'>[]): void {
    if (this.#options.hooks.length === 0) return;
    for (const { type, body } of events) {
      if (type !== 'status') continue;
      const { state, at } = JSON.parse(body) as { readonly state: unknown; readonly at: string };
      const status = runStateSchema.safeParse(state).data;
      if (status === undefined || !hasEnded(status) || at < this.#since) continue;
      this.#stalled.delete(id);
      // One that goes on by itself has not ended.
      this.#queue(id, (run) => hasEnded(run.status));
    }
  }

  /** A run has gone silent, or speaks again. */
  noteSilence(id: string, isSilent: boolean): void {
    if (this.#options.hooks.length === 0) return;
    if (!isSilent) return void this.#stalled.delete(id);
    if (this.#stalled.has(id)) return;
    this.#stalled.add(id);
    this.#queue(id, (run) => run.stalledSince !== null);
  }

  /** Resolves when everything noted so far is delivered or given up. */
  settled(): Promise<void> {
    return this.#last;
  }

  /** Tells nothing more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#last;
  }

  #queue(id: string, stillHolds: (run: RunSummary) => boolean): void {
    this.#last = this.#last.then(async () => {
      if (this.#closing.signal.aborted) return;
      try {
        const run = await this.#options.describe(id);
        if (run !== undefined && stillHolds(run)) await this.#tell(run);
      } catch (error) {
        this.#options.warn('A webhook', error);
      }
    });
  }

  async #tell(run: RunSummary): Promise<void> {
    const words = outcomeWords(run);
    if (words === null) return;
    const { id, number, name, notebook, status, reason, stalledSince, startedAt, finishedAt, bestEpoch, metrics } = run;
    const text = `${words.title}: ${words.text}`;
    const body = JSON.stringify({
      event: stalledSince === null ? status : 'stalled',
      // As the chats that take such calls name it.
      text,
      content: text,
      run: { id, number, name, notebook, status, reason, stalledSince, startedAt, finishedAt, bestEpoch },
      best: Object.fromEntries(Object.entries(metrics.best).filter(([metric]) => !isOfTest(metric))),
    });
    await Promise.all(this.#options.hooks.map((hook) => this.#deliver(hook, body, text)));
  }

  async #deliver(hook: URL, body: string, text: string): Promise<void> {
    const { waits = [1000, 10_000, 60_000], warn } = this.#options;
    for (let tries = 0; ; tries++) {
      const failure = await this.#send(hook, body, mostHops).catch((error: unknown) => toFailure(error));
      if (failure === null || this.#closing.signal.aborted) return;
      const wait = failure.isLasting ? undefined : waits[tries];
      if (wait === undefined) {
        return warn(`The webhook at ${hook.host} was not told that ${text}`, new Error(failure.message));
      }
      await sleep(wait, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
  }

  /** Null where it was taken. */
  async #send(to: URL, body: string, hops: number): Promise<Failure | null> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(patience)]);
    const headers = { 'content-type': 'application/json', 'user-agent': 'almanac' };
    const answer = await fetch(to, { method: 'POST', body, headers, redirect: 'manual', signal });
    await answer.body?.cancel();
    if (answer.ok) return null;
    const location = answer.headers.get('location');
    if (answer.status >= 300 && answer.status < 400 && location !== null) {
      const next = URL.canParse(location, to) ? new URL(location, to) : null;
      if (next === null || !['http:', 'https:'].includes(next.protocol) || !this.#allows(next)) {
        const message = `it leads to ${next?.host ?? 'no address'}, which ALMANAC_WEBHOOK_HOSTS does not name`;
        return { message, isLasting: true };
      }
      if (hops === 0) return { message: 'it leads from one address to the next', isLasting: true };
      return this.#send(next, body, hops - 1);
    }
    const isLasting = answer.status < 500 && answer.status !== 429 && answer.status !== 408;
    return { message: `it answered ${answer.status}`, isLasting };
  }

  #allows({ host }: URL): boolean {
    return this.#options.hosts.includes(host) || this.#options.hooks.some((hook) => hook.host === host);
  }
}

interface Failure {
  readonly message: string;
  /** Whether another try would get the same. */
  readonly isLasting: boolean;
}

/** Without the address, which may stand in what fetch says. */
function toFailure(error: unknown): Failure {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { message: `it did not answer within ${patience / 1000} s`, isLasting: false };
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null;
  const code = cause && 'code' in cause ? String(cause.code) : 'it cannot be reached';
  return { message: code, isLasting: false };
}
