import { countWords } from '#core/count-words.ts';
import { dense } from './dense.ts';
import type { ModelDescriptor } from './descriptor.ts';

/** Stacked recurrent layers of `units` each; the head reads the last step. */
interface RecurrentSize {
  readonly units: number;
  readonly layers: number;
}

/** What tells one recurrent network from another. */
interface RecurrentKind {
  readonly title: string;
  readonly summary: string;
  /** Products of a layer, one a gate. */
  readonly gates: number;
}

/**
 * Each step of a layer holds its gates before and after activation (or their gradient), its state, what else the
 * backward pass needs, and the gradients of these; two windows come on top. A forward pass without training holds about
 * as much, because it computes the same values.
 */
export function recurrent({ title, summary, gates }: RecurrentKind): ModelDescriptor<RecurrentSize> {
  const held = ({ units, layers }: RecurrentSize, { lookback }: { readonly lookback: number }, features: number) =>
    lookback * (layers * (2 * gates + 4) * units + 2 * features);
  return {
    title,
    summary,
    sizes: {
      base: { units: 64, layers: 1 },
      medium: { units: 128, layers: 2 },
      large: { units: 256, layers: 3 },
    },
    options: {},
    shapedBy: [],
    describe: ({ units, layers }) => `${countWords(layers, 'layer')} of ${units} units`,
    parameters({ units, layers }, _settings, { features, outputs }) {
      const layer = (width: number) => gates * (units * (units + width) + units);
      return layer(features) + (layers - 1) * layer(units) + dense(units, outputs);
    },
    training: held,
    forward: held,
    notes(_size, { lookback }) {
      if (lookback <= 256) return [];
      return [`The ${title} takes ${lookback} steps one after another: expect slow epochs beyond 256.`];
    },
  };
}
