import * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../node-backend.ts';
import type { OpAttr } from '../binding.ts';

interface GatherCall {
  readonly inputs: { readonly x: tf.TensorInfo; readonly indices: tf.TensorInfo };
  readonly attrs: { readonly axis: number; readonly batchDims: number };
  readonly backend: NodeBackend;
}

/**
 * tf.gather. tfjs-node's kernel reads the indices back to check them, which waits for everything recorded before and
 * splits a training step in two. TensorFlow checks them itself on the processor; on a GPU it gives zeros for wrong ones.
 */
function gather({ inputs: { x, indices }, attrs: { axis, batchDims }, backend }: GatherCall): tf.TensorInfo {
  // Throws what is wrong with the shapes.
  const [$x, $indices] = [x, indices] as [tf.Tensor, tf.Tensor];
  tf.backend_util.segment_util.collectGatherOpShapeInfo($x, $indices, axis, batchDims);
  const { TF_ATTR_INT, TF_ATTR_TYPE, TF_INT32, TF_FLOAT, TF_BOOL } = backend.binding;
  const types: Readonly<Record<string, number>> = { float32: TF_FLOAT, int32: TF_INT32, bool: TF_BOOL };
  const attrs: OpAttr[] = [
    { name: 'batch_dims', type: TF_ATTR_INT, value: batchDims },
    { name: 'Tparams', type: TF_ATTR_TYPE, value: types[x.dtype] },
    { name: 'Tindices', type: TF_ATTR_TYPE, value: types[indices.dtype] },
    { name: 'Taxis', type: TF_ATTR_TYPE, value: TF_INT32 },
  ];
  const axisTensor = tf.scalar(axis, 'int32');
  const output = backend.executeSingleOutput('GatherV2', attrs, [x, indices, axisTensor]);
  axisTensor.dispose();
  return output;
}

/** Puts it in the place of tfjs-node's kernel. */
export function installGather(backendName: string): void {
  tf.unregisterKernel(tf.GatherV2, backendName);
  tf.registerKernel({ kernelName: tf.GatherV2, backendName, kernelFunc: gather as unknown as tf.KernelFunc });
}
