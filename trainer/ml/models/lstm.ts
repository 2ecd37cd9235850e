import * as layers from '@tensorflow/tfjs-layers';
import type { ModelConfig } from '#core/config/model.ts';
import { lstm } from '#core/models/lstm.ts';
import { lstmLayer } from '#trainer/engines/ops/lstm-layer.ts';
import type { Model, ModelShape } from './model.ts';
import { buildRecurrent } from './recurrent.ts';

/**
 * Stacked LSTM layers (Hochreiter and Schmidhuber 1997, with the forget gate of Gers 2000): logistic gates, tanh
 * candidate and output. Gates stand in the order i, f, g, o; the forget gate's bias starts at 1.
 *
 *     P = Σ 4(h(h + in) + h) + (h + 1)K
 */
export function buildLstm(config: ModelConfig, shape: ModelShape): Model {
  const kind = {
    name: 'lstm',
    gates: 4,
    bias: 'forget',
    layer: lstmLayer,
    standard: layers.layers.lstm,
  } as const;
  return buildRecurrent(kind, lstm.sizes[config.variant], shape);
}
