import * as tf from '@tensorflow/tfjs-core';
import type { CellResultOf } from '#core/api/cell-answers.ts';
import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { evaluationBatch } from '#core/estimate/limits.ts';
import { openBatches } from '#trainer/ml/data/batches.ts';
import { toTensors } from '#trainer/ml/data/named-array.ts';
import { runModel, scoreLosses } from '#trainer/ml/evaluate.ts';
import { buildLosses } from '#trainer/ml/losses/build.ts';
import { buildModel, initialWeights } from '#trainer/ml/models/build.ts';
import { finiteOrNull } from './finite-or-null.ts';

/** Batches that the loss at the start is looked at in, and the ms after which no other is begun. */
const batches = 4;
const enough = 3000;

/**
 * Each term before anything is learned: of the network with the weights that it starts from, over the first train windows,
 * and of an output of zero over all of them. Computes on the engine that is open.
 */
export async function lossResult(dataset: Dataset, config: Config): Promise<CellResultOf<'loss'>> {
  const losses = buildLosses(config.loss, dataset.tasks);
  const train = dataset.samples.train;
  const shape = { lookback: dataset.lookback, features: dataset.names.length, outputs: dataset.tasks.length };
  const model = buildModel(config.model, shape);
  const weights = toTensors(initialWeights(model, config.train.seed));
  const source = openBatches(dataset);
  const began = performance.now();
  const spread = evenly(train, batches * evaluationBatch);
  const pieces: Float64Array[][] = [];
  try {
    for (let start = 0; start < spread.length; start += evaluationBatch) {
      if (start > 0 && performance.now() - began > enough) break;
      const part = await runModel(model, weights, source, spread.subarray(start, start + evaluationBatch), never);
      if (part !== null) pieces.push(part);
    }
  } finally {
    tf.dispose(weights);
    source.dispose();
  }
  const raw = dataset.tasks.map((_, k) => joined(pieces.map((piece) => piece[k])));
  const windows = raw[0]?.length ?? 0;
  const start = scoreLosses(raw, dataset, spread.subarray(0, windows), losses);
  const zeros = dataset.tasks.map(() => new Float64Array(train.length));
  const zero = scoreLosses(zeros, dataset, train, losses);
  return {
    step: 'loss',
    terms: losses.map(({ task, weight }, k) => ({
      task,
      kind: config.loss.terms[task].kind,
      weight,
      start: finiteOrNull(start.tasks[k]),
      zero: finiteOrNull(zero.tasks[k]),
      share: finiteOrNull((weight * start.tasks[k]) / start.total),
    })),
    total: { start: finiteOrNull(start.total), zero: finiteOrNull(zero.total) },
    windows,
    engine: 'wasm',
  };
}

const never = async () => false;

/** Rows of all times, and of all times in each batch: the first weeks of a market do not speak for it. */
function evenly(rows: Int32Array, count: number): Int32Array {
  if (rows.length <= count) return rows;
  const size = count / batches;
  return Int32Array.from({ length: count }, (_, j) => {
    const place = (j % size) * batches + Math.floor(j / size);
    return rows[Math.floor((place * rows.length) / count)];
  });
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
