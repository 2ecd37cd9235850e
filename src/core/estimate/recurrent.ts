import type { Variant } from '#core/config/model.ts';
import { gruSizes, lstmSizes, type RecurrentSize } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

/** Stacked layers with `gates` products each; all gates of all steps are the largest tensor. */
function recurrent(sizes: Readonly<Record<Variant, RecurrentSize>>, gates: number): Sizing {
  return {
    parameters({ variant }, { features, outputs }) {
      const { units, layers } = sizes[variant];
      const layer = (width: number) => gates * (units * (units + width) + units);
      return layer(features) + (layers - 1) * layer(units) + dense(units, outputs);
    },
    activations({ lookback, variant }) {
      const { units, layers } = sizes[variant];
      return 8 * layers * lookback * units;
    },
    largest: ({ lookback, variant }, _features, batch) => batch * lookback * gates * sizes[variant].units,
    describe(variant) {
      const { units, layers } = sizes[variant];
      return `${layers} ${layers === 1 ? 'layer' : 'layers'} of ${units} units`;
    },
  };
}

export const gruSizing = recurrent(gruSizes, 3);
export const lstmSizing = recurrent(lstmSizes, 4);
