import * as layers from '@tensorflow/tfjs-layers';
import type { ModelConfig } from '#core/config/model.ts';
import { gru } from '#core/models/gru.ts';
import { gruLayer } from '#trainer/engines/ops/gru-layer.ts';
import type { Model, ModelShape } from './model.ts';
import { buildRecurrent } from './recurrent.ts';

/**
 * Stacked GRU layers (Cho et al. 2014; reset before the recurrent product, as tfjs-layers has it): logistic gates, tanh
 * candidate. Gates stand in the order z, r, h.
 *
 *     P = Σ 3(h(h + in) + h) + (h + 1)K
 */
export function buildGru(config: ModelConfig, shape: ModelShape): Model {
  const kind = {
    name: 'gru',
    gates: 3,
    bias: 'zeros',
    layer: gruLayer,
    standard: layers.layers.gru,
  } as const;
  return buildRecurrent(kind, gru.sizes[config.variant], shape);
}
