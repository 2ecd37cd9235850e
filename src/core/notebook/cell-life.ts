import type { Group } from '#core/config/config.ts';
import type { CellKind } from '#core/api/cell-answers.ts';
import { type CellInputs, describeInputs } from './cell-inputs.ts';

/** Whether what stands under a cell is what the page says now. */
export type Validity =
  | { readonly state: 'never' }
  | { readonly state: 'fresh' }
  /** In words, e.g. "features.timeframes.1h.rsi.period 14 → 21". */
  | { readonly state: 'stale'; readonly reason: string }
  | { readonly state: 'failed'; readonly reason: string }
  /** Not computed: it cannot run before another cell, or it itself, is put right; e.g. features "has a problem". */
  | { readonly state: 'missing'; readonly cell: Group; readonly why: string };

/** What a cell is doing. */
export type Activity =
  | { readonly state: 'idle' }
  | { readonly state: 'queued' }
  /** `share` 0 … 1, null while it is not known; `doing` in words. */
  | { readonly state: 'running'; readonly share: number | null; readonly doing: string };

/** How a run of a cell ended. */
export type Ending<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** The same with what it was a run of: of this cell and of all that it needs. */
type Outcome<Result> = Ending<Result> & { readonly inputs: CellInputs };

/** One cell: its newest run, and how the last one that counted ended. */
export interface CellLife<Result> {
  /** Of the newest run that was asked for; what an older one still says is dropped. 0: none ever was. */
  readonly version: number;
  readonly activity: Activity;
  /** What that run works from while it is under way. */
  readonly inputs: CellInputs | null;
  readonly outcome: Outcome<Result> | null;
}

const idle: Activity = { state: 'idle' };

/** A cell that was never asked for. */
export function newLife<Result>(): CellLife<Result> {
  return { version: 0, activity: idle, inputs: null, outcome: null };
}

/** A run asked for under a version above all before; whatever was under way no longer counts. */
export function ask<Result>(life: CellLife<Result>, version: number): CellLife<Result> {
  return { ...life, version, inputs: null, activity: { state: 'queued' } };
}

/** The run of a version begins, with the inputs of this moment. */
export function begin<Result>(life: CellLife<Result>, version: number, inputs: CellInputs): CellLife<Result> {
  if (!isNewest(life, version)) return life;
  return { ...life, inputs, activity: { state: 'running', share: null, doing: 'begins' } };
}

/** What the run of a version says of how far it is. */
export function advance<Result>(
  life: CellLife<Result>,
  version: number,
  share: number | null,
  doing: string,
): CellLife<Result> {
  return isNewest(life, version) ? { ...life, activity: { state: 'running', share, doing } } : life;
}

/**
 * What the run of a version came to; of another version than the newest it is dropped, whenever it comes. What was edited
 * meanwhile makes it stale at once, for it bears what it was worked out from.
 */
export function settle<Result>(life: CellLife<Result>, version: number, ending: Ending<Result>): CellLife<Result> {
  if (!isNewest(life, version) || life.inputs === null) return life;
  return { version, activity: idle, inputs: null, outcome: { ...ending, inputs: life.inputs } };
}

/** Nothing is under way any more, and nothing that still comes counts; how the run before ended stays. */
export function abandon<Result>(life: CellLife<Result>): CellLife<Result> {
  return { ...life, activity: idle, inputs: null };
}

function isNewest({ version, activity }: CellLife<unknown>, other: number): boolean {
  return version === other && activity.state !== 'idle';
}

/**
 * Whether what a cell's last run came to is what a run would come to now.
 *
 * @param inputs what a run would be worked out from now; null where that is not known, or a cell of them has a problem
 * @param obstacle the cell in the way, this one or one that it needs; null for none
 */
export function judge(
  kind: CellKind,
  { outcome }: CellLife<unknown>,
  inputs: CellInputs | null,
  obstacle: { readonly cell: Group; readonly why: string } | null,
): Validity {
  if (obstacle) return { state: 'missing', ...obstacle };
  if (outcome === null || inputs === null) return { state: 'never' };
  if (outcome.inputs.key !== inputs.key) {
    return { state: 'stale', reason: describeInputs(kind, outcome.inputs, inputs) };
  }
  const { data } = outcome.inputs;
  if (data !== null && inputs.data !== null && data !== inputs.data) {
    return { state: 'stale', reason: 'needs data: the source is another than before' };
  }
  return outcome.ok ? { state: 'fresh' } : { state: 'failed', reason: outcome.message };
}
