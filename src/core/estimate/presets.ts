import type { Architecture } from '#core/models/registry.ts';
import { type Variant, variants } from '#core/models/variant.ts';
import { describeSize } from './parameters.ts';

/** A button over the model cell: what it is called, what it sets and what that means for an architecture. */
interface Preset {
  readonly variant: Variant;
  readonly title: string;
  /** Widths and depths in words, e.g. "dense layers of 256 and 128 units". */
  readonly summary: string;
  /** The override that does the same. */
  readonly override: string;
}

const titles: Readonly<Record<Variant, string>> = { base: 'Base', medium: 'Medium', large: 'Large' };

/** Base, Medium and Large of an architecture: group options that set widths and depths only, never the lookback. */
export function modelPresets(architecture: Architecture): readonly Preset[] {
  return variants.map((variant): Preset => ({
    variant,
    title: titles[variant],
    summary: describeSize(architecture, variant),
    override: `model=${variant}`,
  }));
}
