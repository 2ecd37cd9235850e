import type { Bars } from '#core/bars/bars.ts';
import type { LossKind } from '#core/losses/registry.ts';
import type { Scale } from './scale.ts';

/**
 * One kind of thing to predict, e.g. `return`. Each lives in a file of its own and is listed in registry.ts; nothing
 * else needs an edit to add one.
 */
export interface Target<Kind extends string = string> {
  /** `kind` in the YAML. */
  readonly kind: Kind;
  /** What its labels are, for form and schema: "forward log return". */
  readonly summary: string;
  /** As a sentence calls one: "a return". */
  readonly phrase: string;
  /** Name that the form gives to a new task of it: "ret". */
  readonly stem: string;
  readonly scale: Scale;
  /** The loss of a task that names none, with that loss's default parameters. */
  readonly defaultLoss: LossKind;
  /**
   * What comes of each row within `horizon` bars, from which its label is made; NaN where that is not known. Targets
   * that share an outcome share its function, and are scored on the same rows (SAMPLES.md#evaluation-keys).
   */
  readonly outcome: (bars: Bars, horizon: number) => Float64Array;
  /** Label of each outcome in target units; NaN where there is none (SAMPLES.md#labels). */
  labels(outcome: Float64Array): Float64Array;
  /** Turns a naive forecast of the log return into a forecast of this target, in target units. */
  fromReturn(change: number): number;
  /** What a person should know of the labels of these outcomes. */
  remarks?(outcome: Float64Array): readonly string[];
}
