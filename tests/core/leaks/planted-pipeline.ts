import type { Bars } from '#core/bars/bars.ts';
import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { fitTask } from '#core/dataset/task.ts';
import { coveredRows } from '#core/dataset/windows.ts';
import { applyScaler, fitScaler } from '#core/features/scaler.ts';
import { type Pipeline, runPipeline } from '#core/leaks/pipeline.ts';

/** What a mistake does to the pipeline of a run; the rest of it stays honest. */
export interface Mistake {
  /** A column besides those of the run, by its name. */
  readonly feature?: { readonly name: string; readonly column: (bars: Bars) => Float64Array };
  /** The labels of every task in place of those of the run. */
  readonly label?: (bars: Bars) => Float64Array;
  /** Scaler and standardisation are fitted on all rows, not those of train alone. */
  readonly fittedOn?: 'all';
  /** The samples in place of those of the run. */
  readonly samples?: (samples: Dataset['samples'], bars: Bars) => Dataset['samples'];
}

/** The pipeline of the configuration with one mistake made in it, all the way to the data set. */
export function plantedPipeline(config: Config, { feature, label, fittedOn, samples }: Mistake): Pipeline {
  const honest = runPipeline(config);
  const features: Pipeline['features'] = (bars) => {
    const matrix = honest.features(bars);
    if (feature === undefined) return matrix;
    const { names, columns } = matrix;
    return { ...matrix, names: [...names, feature.name], columns: [...columns, feature.column(bars)] };
  };
  const labels: Pipeline['labels'] = (bars) => {
    const tasks = honest.labels(bars);
    return label === undefined ? tasks : tasks.map((task) => ({ ...task, raw: label(bars) }));
  };
  return {
    features,
    labels,
    dataset(bars, boundaries) {
      const dataset = honest.dataset(bars, boundaries);
      const { rows, lookback } = dataset;
      const own = samples ? samples(dataset.samples, bars) : dataset.samples;
      const matrix = features(bars);
      const columns = matrix.names.map((name, c) => ({ name, values: matrix.columns[c] }));
      const whole = bars.close.map((_, i) => (matrix.columns.some((column) => Number.isNaN(column[i])) ? 0 : 1));
      const covered = fittedOn === undefined ? coveredRows(own.train, lookback, rows) : Uint8Array.from(whole);
      const { scaler } = fitScaler(config.features.scaler, columns, covered);
      const raw = labels(bars);
      const fitted = fittedOn === undefined ? own.train : Int32Array.from([...own.train, ...own.validation]);
      const tasks = dataset.tasks.map((task, t) => fitTask({ ...task, raw: raw[t].raw }, fitted));
      const names = scaler.names;
      return { ...dataset, names, scaler, features: applyScaler(scaler, columns, rows), tasks, samples: own };
    },
  };
}
