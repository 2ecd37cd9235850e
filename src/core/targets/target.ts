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
  /** Label of each row in target units, looking `horizon` bars ahead; NaN where there is none (SAMPLES.md#labels). */
  labels(bars: Bars, horizon: number): Float64Array;
  /** Turns a naive forecast of the log return into a forecast of this target, in target units. */
  fromReturn(change: number): number;
  /** What a person should know of the labels of these bars. */
  remarks?(bars: Bars, horizon: number): readonly string[];
}
