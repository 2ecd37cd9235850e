import type { TensorInfo } from '@tensorflow/tfjs-core';
import { callShipped, defineKernel } from '../kernel.ts';

type Inputs = readonly TensorInfo[];

/**
 * Sum of any number of tensors. The shipped kernel binds all of them to one program; beyond what a stage may bind (8 buffers on
 * some devices, the result among them) WebGPU refuses the program, and tfjs goes on with a result of zeros. Here they are added
 * in groups, in order.
 */
export const addN = defineKernel<Inputs, object>('AddN', (shipped) => (call) => {
  const { inputs, attrs, backend } = call;
  const most = backend.device.limits.maxStorageBuffersPerShaderStage - 1;
  let rest = [...inputs];
  let sum: TensorInfo | undefined;
  while (sum === undefined || rest.length > 0) {
    const group: TensorInfo[] = [
      ...(sum === undefined ? [] : [sum]),
      ...rest.slice(0, sum === undefined ? most : most - 1),
    ];
    rest = rest.slice(group.length - (sum === undefined ? 0 : 1));
    const next: TensorInfo = callShipped(shipped, 'AddN', { inputs: group, attrs, backend });
    if (sum !== undefined) backend.disposeData(sum.dataId);
    sum = next;
  }
  return sum;
});
