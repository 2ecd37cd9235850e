import * as tf from '@tensorflow/tfjs-core';
import type { GraphBinding, OpAttr } from './binding.ts';
import type { NodeBackendClass } from './node-backend.ts';
import { type GraphOptions, Recorder } from './recorder.ts';

/**
 * tfjs-node's backend, but operations are recorded and run together as one TensorFlow function: when the outermost tidy
 * ends, or a value is read. A training step is one tidy, so it is one call into the library instead of hundreds to
 * thousands, each of which costs 15 to 25 µs; TensorFlow optimizes the whole (grappler), runs independent parts side by
 * side and frees what no one needs as it goes. Functions are kept by the structure of what was recorded, never by values;
 * the same structure is always run by the same function, so equal input gives equal bits.
 */
export function createGraphBackend(
  Base: NodeBackendClass,
  binding: GraphBinding,
  options: GraphOptions = {},
): tf.KernelBackend {
  class GraphBackend extends Base {
    readonly #recorder = new Recorder(this, binding, options);

    flush(): void {
      this.#recorder.flush();
    }

    override executeSingleOutput(name: string, attrs: readonly OpAttr[], inputs: readonly tf.TensorInfo[]): tf.Tensor {
      const recorded = this.#recorder.record(name, attrs, inputs);
      if (recorded !== undefined) return recorded[0];
      this.flush();
      return super.executeSingleOutput(name, attrs, inputs);
    }

    override executeMultipleOutputs(
      name: string,
      attrs: readonly OpAttr[],
      inputs: readonly tf.TensorInfo[],
      outputs: number,
    ): tf.Tensor[] {
      const recorded = this.#recorder.record(name, attrs, inputs);
      if (recorded !== undefined) return recorded;
      this.flush();
      return super.executeMultipleOutputs(name, attrs, inputs, outputs);
    }

    override readSync(dataId: object): tf.BackendValues {
      if (this.tensorMap.get(dataId).output !== undefined) this.flush();
      return super.readSync(dataId);
    }

    override disposeData(dataId: object, force = false): boolean {
      if (!this.tensorMap.has(dataId)) return true;
      const data = this.tensorMap.get(dataId);
      data.refCount--;
      if (!force && data.refCount > 0) return false;
      this.#recorder.release(data);
      this.tensorMap.delete(dataId);
      return true;
    }

    override dispose(): void {
      this.flush();
      super.dispose();
    }
  }

  const backend = new GraphBackend(binding, '@tensorflow/tfjs-node-gpu');
  flushAfterTidy(backend);
  return backend;
}

/** Lets `backend` run what it recorded when the outermost tidy ends: exactly what is to stay is alive then. */
function flushAfterTidy(backend: { flush(): void }): void {
  const engine = tf.engine() as unknown as {
    endScope(result?: tf.TensorContainer): void;
    readonly state: { readonly activeScope?: unknown };
    readonly backend: unknown;
  };
  const endScope = engine.endScope.bind(engine);
  engine.endScope = (result) => {
    endScope(result);
    if (engine.state.activeScope == null && engine.backend === backend) backend.flush();
  };
}
