import { z } from 'zod';
import { dense } from './dense.ts';
import type { ModelDescriptor } from './descriptor.ts';
import { countPatches, patchLength, patchStride } from './patch-plan.ts';

/** Encoder layers on tokens of `width` numbers; `hidden` units in each layer's feed-forward part. */
interface PatchtstSize {
  readonly width: number;
  readonly hidden: number;
  readonly heads: number;
  readonly layers: number;
}

const options = {
  channels: z
    .enum(['mixing', 'independent'])
    .default('mixing')
    .meta({
      title: 'Channels',
      description:
        'mixing = a patch holds all features; independent = each feature is a series of its own, ' +
        'at as many times the memory',
    }),
};

interface PatchtstSettings {
  readonly lookback: number;
  readonly channels: z.output<typeof options.channels>;
}

/** How many series a window is read as, and how many numbers of each bar they hold. */
function split(
  { channels }: PatchtstSettings,
  features: number,
): { readonly series: number; readonly columns: number } {
  return channels === 'independent' ? { series: features, columns: 1 } : { series: 1, columns: features };
}

/**
 * How many arrays of each kind are held: [N, d] and [N, dff] for each layer, [N, d] outside the layers, and cut
 * patches.
 */
interface Held {
  readonly tokens: number;
  readonly extra: number;
  readonly hidden: number;
  readonly cuts: number;
}

/** Numbers a sample: series·(N·(d·tokens + dff·hidden)·n + n·heads·N² + cuts·N·16c + 3 windows and the padded one). */
function count(size: PatchtstSize, settings: PatchtstSettings, features: number, held: Held): number {
  const { width, hidden, heads, layers } = size;
  const { series, columns } = split(settings, features);
  const { lookback } = settings;
  const patches = countPatches(lookback);
  const tokens = patches * ((held.tokens * layers + held.extra) * width + held.hidden * layers * hidden);
  const windows = (4 * lookback + patchStride) * columns + held.cuts * patches * patchLength(lookback) * columns;
  return series * (tokens + layers * heads * patches * patches + windows);
}

export const patchtst: ModelDescriptor<PatchtstSize, typeof options> = {
  title: 'PatchTST',
  summary: 'attention over patches of 16 bars',
  sizes: {
    base: { width: 32, hidden: 64, heads: 4, layers: 2 },
    medium: { width: 128, hidden: 256, heads: 8, layers: 3 },
    large: { width: 256, hidden: 512, heads: 8, layers: 4 },
  },
  options,
  shapedBy: ['lookback', 'channels'],
  describe: ({ width, hidden, heads, layers }) =>
    `${layers} attention layers of width ${width}, ${heads} heads, ${hidden} hidden units`,
  /** The head reads the series of independent channels side by side: until version 2 it read their mean. */
  version: ({ channels }) => (channels === 'independent' ? 2 : 1),
  /**
   * P·c·d + d + N·d + n(4d² + 4d + 2d·dff + d + dff + 4d) + (s·N·d + 1)K; c = F and s = 1 where channels mix, else c = 1
   * and s = F.
   */
  parameters({ width, hidden, layers }, settings, { features, outputs }) {
    const { lookback } = settings;
    const patches = countPatches(lookback);
    const { series, columns } = split(settings, features);
    const token = dense(patchLength(lookback) * columns, width) + patches * width;
    const layer = 4 * dense(width, width) + dense(width, hidden) + dense(hidden, width) + 4 * width;
    return token + layers * layer + dense(series * patches * width, outputs);
  },
  /**
   * 24 tokens a layer: 12 that it makes (q, k, v, what was seen, three dense layers' outputs, dropouts, sums, norms) with their
   * gradients; two of the hidden width with theirs; and the weights of the attention.
   */
  training: (size, settings, features) => count(size, settings, features, { tokens: 24, extra: 3, hidden: 4, cuts: 2 }),
  forward: (size, settings, features) => count(size, settings, features, { tokens: 10, extra: 2, hidden: 2, cuts: 1 }),
  notes(_size, { channels }, features) {
    if (channels !== 'independent' || features <= 8) return [];
    return [
      `Each of ${features} features is a series of its own, at ${features} times the work and memory: ` +
        'model.channels=mixing puts them into one.',
    ];
  },
};
