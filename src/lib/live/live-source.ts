import type { ArrivedEvent } from '#lib/api/runs.ts';

/** Hears whether there is a connection. */
interface ConnectionListener {
  /** It stands; what happens arrives. */
  opened(): void;
  /** It broke, so many times in a row, and is tried again; Infinity: there is none for this, and none is tried. */
  broken(failures: number): void;
}

/** Hears of one run. */
export interface RunListener extends ConnectionListener {
  /** In order, each once. */
  events(events: readonly ArrivedEvent[]): void;
  /** There is no such run, or no longer. */
  gone(): void;
  /** Its log is another one now, as after a power failure: what came of it before no longer counts. */
  restarted(): void;
}

/** Hears of the list of runs. */
export interface ListListener extends ConnectionListener {
  /** Ids of runs that came, went, or whose summary is another now. Before `opened` anything may have changed. */
  changed(ids: readonly string[]): void;
}

/** What is followed until it is closed. */
export interface Subscription {
  close(): void;
  /** Tries the connection again now, whatever it was waiting for. */
  retry(): void;
}

/** Where what happens comes from. Whoever follows closes what was given. */
export interface LiveSource {
  /** @param since seq after which to go on */
  followRun(id: string, since: number, listener: RunListener): Subscription;
  followList(listener: ListListener): Subscription;
}
