import { join } from 'node:path';
import { runFiles } from '#core/run/run-files.ts';
import type { EventBody } from '#core/run/event.ts';
import type { RunView } from '#core/run/reduce.ts';
import { appendSidecarEvent } from '#trainer/run-folder/event-log.ts';
import type { Tailer } from './tailer.ts';

/** A state and why, as it stands in a log. */
export type StatedStatus = Omit<Extract<EventBody, { readonly type: 'status' }>, 'type'>;

/** Reads the state of runs from their logs, and writes states to logs that no trainer writes to. */
export class StateLog {
  readonly #runsFolder: string;
  readonly #tailer: Tailer;
  readonly #now: () => Date;

  constructor(runsFolder: string, tailer: Tailer, now: () => Date) {
    this.#runsFolder = runsFolder;
    this.#tailer = tailer;
    this.#now = now;
  }

  async read(id: string): Promise<RunView> {
    return (await this.#tailer.ingest(id)).view;
  }

  async say(id: string, attempt: number, status: StatedStatus): Promise<void> {
    const { offset, view } = await this.#tailer.ingest(id);
    const path = join(this.#runsFolder, id, runFiles.events);
    const after = { offset, lastSeq: view.lastSeq };
    await appendSidecarEvent(path, after, attempt, { type: 'status', ...status }, this.#now());
    await this.#tailer.ingest(id);
  }

  forget(id: string): void {
    this.#tailer.forget(id);
  }
}
