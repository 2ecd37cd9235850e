import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuBackend } from './webgpu-backend.ts';

/** What a kernel gets; `inputs` and `attrs` are typed by each kernel for the operation it serves. */
export interface KernelCall<Inputs, Attrs> {
  readonly inputs: Inputs;
  readonly attrs: Attrs;
  readonly backend: WebgpuBackend;
}

/** One kernel of ours. `shipped` is the kernel it replaces, undefined where tfjs has none. */
export interface WebgpuKernel {
  readonly name: string;
  create(shipped: KernelFunc | undefined): KernelFunc;
}

/** Joins a typed kernel to tfjs' untyped registry; this is the only cast between the two. */
export function defineKernel<Inputs, Attrs>(
  name: string,
  create: (shipped: KernelFunc | undefined) => (call: KernelCall<Inputs, Attrs>) => TensorInfo | TensorInfo[],
): WebgpuKernel {
  return { name, create: (shipped) => create(shipped) as unknown as KernelFunc };
}

/** Calls a kernel of tfjs that has one output. */
export function callShipped<Inputs, Attrs>(
  shipped: KernelFunc | undefined,
  name: string,
  { inputs, attrs, backend }: KernelCall<Inputs, Attrs>,
): TensorInfo {
  if (shipped === undefined) throw new Error(`The webgpu backend has no kernel ${name}`);
  const call = { inputs: inputs as unknown as tf.NamedTensorInfoMap, attrs: attrs as unknown as NamedAttrMap, backend };
  return shipped(call) as TensorInfo;
}

/** Puts our kernels in place of the shipped ones, or beside them. */
export function installKernels(kernels: readonly WebgpuKernel[]): void {
  for (const { name, create } of kernels) {
    const shipped = tf.getKernel(name, 'webgpu');
    if (shipped !== undefined) tf.unregisterKernel(name, 'webgpu');
    tf.registerKernel({ kernelName: name, backendName: 'webgpu', kernelFunc: create(shipped?.kernelFunc) });
  }
}
