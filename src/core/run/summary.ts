import type { Document } from '#core/config/document.ts';
import type { EventOf } from './event.ts';
import type { RunState } from './state.ts';

/** A run in a list, and the head of its page: what GET /runs answers for each run. */
export interface RunSummary {
  readonly id: string;
  /** Counts from 1 in a workspace; shown as R12. */
  readonly number: number;
  readonly name: string;
  readonly status: RunState;
  /** Why it failed, waits or was interrupted. */
  readonly reason: string | null;
  /** Slug of the notebook it came from, if any. */
  readonly notebook: string | null;
  readonly parent: string | null;
  /** Dotted configuration keys that differ from the parent's: {"train.seed": [1, 2]} (old, new); null = absent. */
  readonly changed: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly tags: readonly string[];
  readonly attempt: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly engine: { readonly name: string; readonly device: string } | null;
  readonly progress: Pick<
    EventOf<'progress'>,
    'epoch' | 'epochs' | 'step' | 'steps' | 'samplesPerSecond' | 'etaSeconds'
  > | null;
  /** latest: newest value a metric name; best: the values at the epoch of checkpoint "best". */
  readonly metrics: {
    readonly latest: Readonly<Record<string, number | string>>;
    readonly best: Readonly<Record<string, number | string>>;
  };
  /** Place in the queue from 1 while queued. */
  readonly queuePosition: number | null;
}

/** GET /runs/{id}: the summary and what was frozen at creation. */
export interface RunDetail extends RunSummary {
  readonly children: readonly string[];
  /** The parent's checkpoint whose weights it started from; null or absent where they were random. */
  readonly from?: { readonly checkpoint: string } | null;
  /** In the form of files. */
  readonly config: Document;
  readonly overrides: readonly string[];
  /** Text of the frozen notebook.md. */
  readonly source: string;
  /** seq of the newest event stored: stream from here. */
  readonly lastSeq: number;
  readonly dataReport: unknown;
}
