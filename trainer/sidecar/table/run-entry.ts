import { valueAt } from '#core/config/document.ts';
import { lossText } from '#core/config/loss-text.ts';
import type { EventNumber } from '#core/run/event.ts';
import { isOfTest } from '#core/run/reduce.ts';
import type { RunSummary } from '#core/run/summary.ts';
import type { TestRows } from '#trainer/sidecar/db/opening-rows.ts';
import type { TableRun } from '#trainer/sidecar/db/table-rows.ts';
import { isSealed } from '#trainer/sidecar/runs/seal.ts';
import type { FlatKeys } from './flat-values.ts';

/** A run as the table keeps it in memory: all that it is found, ordered and shown by, a few kilobytes. */
export interface RunEntry
  extends
    Pick<
      TableRun,
      | 'id'
      | 'number'
      | 'name'
      | 'notebook'
      | 'parent'
      | 'tags'
      | 'notes'
      | 'conclusion'
      | 'starred'
      | 'archived'
      | 'prose'
      | 'createdAt'
      | 'deletedAt'
      | 'isDamaged'
      | 'status'
      | 'reason'
      | 'attempt'
      | 'engine'
      | 'progress'
      | 'bestEpoch'
      | 'startedAt'
      | 'finishedAt'
    >,
    Pick<RunSummary, 'evaluation' | 'loss'> {
  /** Of these alone that the rows it is ranked on, and its rank, are told by. */
  readonly metrics: RunSummary['metrics'];
  /** All metrics of its checkpoint `best`, in the places of the keys of metrics. */
  readonly scores: ReturnType<FlatKeys['flatten']>;
  readonly changes: readonly (readonly [string, unknown, unknown])[];
  readonly changedKeys: readonly string[];
  readonly test: RunSummary['test']['state'];
  /** Null where they are not known. */
  readonly testRows: TestRows | null;
  readonly openedAt: string | null;
  /** In the places of the keys of configurations. */
  readonly config: ReturnType<FlatKeys['flatten']>;
}

/** Changes that a row shows; the others are counted. */
const shownChanges = 2;
/** What core ranks runs by. */
const rankingMetrics = ['val.da', 'val.n', 'val.excluded'];
const nothing: Readonly<Record<string, EventNumber>> = {};

/** Makes entries of rows; what many runs have in common they share. */
export class EntryMaker {
  readonly #keys: FlatKeys;
  readonly #metrics: FlatKeys;
  readonly #losses = new Map<string, string | null>();
  readonly #evaluations = new Map<string, RunEntry['evaluation']>();

  constructor(keys: FlatKeys, metrics: FlatKeys) {
    this.#keys = keys;
    this.#metrics = metrics;
  }

  make(run: TableRun): RunEntry {
    const { changed, best, hasTest, testKey, opening, config, evaluation: own, ...rest } = run;
    const sealed = isSealed(run);
    const evaluation = this.#share(own);
    const shown = sealed ? Object.fromEntries(Object.entries(best).filter(([name]) => !isOfTest(name))) : best;
    const ranking = rankingMetrics.flatMap((name) => (best[name] === undefined ? [] : ([[name, best[name]]] as const)));
    const rows = evaluation?.test;
    const source = String(valueAt(config, ['data', 'source']));
    const changes = Object.entries(changed);
    return {
      ...rest,
      evaluation,
      changes: changes.slice(0, shownChanges).map(([key, [before, after]]) => [key, before, after]),
      changedKeys: changes.map(([key]) => key),
      metrics: { latest: nothing, best: Object.fromEntries(ranking) },
      scores: this.#metrics.flatten(shown),
      test: !hasTest ? 'none' : sealed ? 'sealed' : 'open',
      testRows: testKey === null || rows === undefined ? null : { key: testKey, source, from: rows.from, to: rows.to },
      openedAt: opening?.at ?? null,
      loss: this.#lossOf(config),
      config: this.#keys.flatten(config),
    };
  }

  #lossOf(config: TableRun['config']): string | null {
    const written = JSON.stringify([config['loss'], config['targets']]);
    const known = this.#losses.get(written);
    if (known !== undefined) return known;
    const text = lossText(config);
    this.#losses.set(written, text);
    return text;
  }

  #share(evaluation: RunEntry['evaluation']): RunEntry['evaluation'] {
    if (evaluation === null) return null;
    const key = JSON.stringify(evaluation);
    const known = this.#evaluations.get(key);
    if (known !== undefined) return known;
    this.#evaluations.set(key, evaluation);
    return evaluation;
  }
}
