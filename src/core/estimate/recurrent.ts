import type { Variant } from '#core/config/model.ts';
import { gruSizes, lstmSizes, type RecurrentSize } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

/**
 * Stacked layers with `gates` products each. Of every step of a layer are held its gates before and after they act (or
 * their gradient), its state, what else it keeps, and the gradients of these; and two windows. A forward pass holds about
 * as much: what is kept for the backward pass is made all the same.
 */
function recurrent(sizes: Readonly<Record<Variant, RecurrentSize>>, gates: number): Sizing {
  const numbers: Sizing['forward'] = ({ lookback, variant }, features) => {
    const { units, layers } = sizes[variant];
    return lookback * (layers * (2 * gates + 4) * units + 2 * features);
  };
  return {
    parameters({ variant }, { features, outputs }) {
      const { units, layers } = sizes[variant];
      const layer = (width: number) => gates * (units * (units + width) + units);
      return layer(features) + (layers - 1) * layer(units) + dense(units, outputs);
    },
    training: numbers,
    forward: numbers,
    describe(variant) {
      const { units, layers } = sizes[variant];
      return `${layers} ${layers === 1 ? 'layer' : 'layers'} of ${units} units`;
    },
  };
}

export const gruSizing = recurrent(gruSizes, 3);
export const lstmSizing = recurrent(lstmSizes, 4);
