import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '#core/error.ts';
import type { FunctionValue, GraphBinding, Handle, OpAttr } from './binding.ts';
import { isConstInput } from './const-inputs.ts';
import { type Reference, type Signature, Trace } from './trace.ts';

/** What tfjs-node's backend keeps of a tensor; `output` is ours: its number in the trace while it is not yet computed. */
interface TensorData {
  shape: number[];
  dtype: number;
  /** Handle; −1 where there is none. */
  id: number;
  /** Values that have not been handed to the library yet. */
  values: (ArrayLike<number> & { readonly length: number }) | null;
  refCount: number;
  output?: number;
}

/** The part of tfjs-node's NodeJSKernelBackend that we build upon. */
export interface NodeBackend extends tf.KernelBackend {
  readonly binding: GraphBinding;
  readonly tensorMap: tf.DataStorage<TensorData>;
  createOutputTensor(handle: Handle): tf.Tensor;
  executeSingleOutput(name: string, attrs: readonly OpAttr[], inputs: readonly tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attrs: readonly OpAttr[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}
export type NodeBackendClass = new (binding: GraphBinding, packageName: string) => NodeBackend;

interface GraphOptions {
  /** So many are run without waiting for more. */
  readonly largest?: number;
  /** Functions that are kept; the oldest goes first. */
  readonly functions?: number;
}

/** TensorFlow's number for int64: tfjs has none, so it only travels between operations that are recorded. */
const int64 = 9;
/** dtypes of TensorFlow that travel through functions: float, int32, int64, bool. */
const plain = new Set([1, 3, int64, 10]);

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
  { largest = 50_000, functions: kept = 256 }: GraphOptions = {},
): tf.KernelBackend {
  const signatures = new Map<string, Signature | null>();
  const functions = new Map<string, string>();
  let defined = 0;

  class GraphBackend extends Base {
    #trace = new Trace();
    /** By number of output. */
    #pending: (TensorData | undefined)[] = [];
    /** Handles that were given up while the trace still needs them. */
    #released: number[] = [];

    override executeSingleOutput(name: string, attrs: readonly OpAttr[], inputs: readonly tf.TensorInfo[]): tf.Tensor {
      const recorded = this.#record(name, attrs, inputs);
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
      const recorded = this.#record(name, attrs, inputs);
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
      if (data.output !== undefined) this.#pending[data.output] = undefined;
      else if (data.id >= 0 && this.#trace.uses(data.id)) this.#released.push(data.id);
      else if (data.id >= 0) this.binding.deleteTensor(data.id);
      this.tensorMap.delete(dataId);
      return true;
    }

    override dispose(): void {
      this.flush();
      super.dispose();
    }

    /** Runs what was recorded. What no living tensor needs is left out. */
    flush(): void {
      if (this.#trace.length === 0) return;
      const trace = this.#trace;
      const pending = this.#pending;
      const released = this.#released;
      [this.#trace, this.#pending, this.#released] = [new Trace(), [], []];
      const wanted = pending.flatMap((data, output) => (data === undefined ? [] : [output]));
      if (wanted.length > 0) {
        const handles = runTrace(trace, wanted);
        wanted.forEach((output, n) => {
          const data = pending[output] as TensorData;
          data.id = handles[n].id;
          data.output = undefined;
        });
      }
      for (const id of released) this.binding.deleteTensor(id);
    }

    /** undefined where an operation cannot be part of a function: the shape of what it gives depends on values. */
    #record(name: string, attrs: readonly OpAttr[], inputs: readonly tf.TensorInfo[]): tf.Tensor[] | undefined {
      let text = name;
      for (const attr of attrs) text += `|${attr.name}=${String(attr.value)}`;
      const datas: TensorData[] = [];
      const constants: (string | undefined)[] = [];
      for (let n = 0; n < inputs.length; n++) {
        const { dataId } = inputs[n];
        if (dataId === undefined) return undefined;
        const data = this.tensorMap.get(dataId);
        if (!plain.has(data.dtype)) return undefined;
        datas.push(data);
        const { values } = data;
        text += `|${data.dtype}:${data.shape.join()}`;
        const constant =
          values !== null && data.dtype === binding.TF_INT32 && isConstInput(name, n, inputs.length, values.length)
            ? `=${Array.prototype.join.call(values)}`
            : undefined;
        constants.push(constant);
        if (constant !== undefined) text += constant;
      }
      let signature = signatures.get(text);
      if (signature === undefined) {
        signature = infer(name, attrs, datas, constants);
        signatures.set(text, signature);
      }
      if (signature === null) return undefined;
      const references = datas.map((data, n) => this.#refer(data, constants[n]));
      const first = this.#trace.add(name, attrs, references, signature);
      const tensors = signature.outputs.map(({ dtype, shape }, n) => {
        const tensor = this.createOutputTensor({
          id: -1,
          dtype: dtype === int64 ? binding.TF_INT32 : dtype,
          shape: [...shape],
        });
        const data = this.tensorMap.get(tensor.dataId);
        data.dtype = dtype;
        data.output = first + n;
        this.#pending[first + n] = data;
        return tensor;
      });
      if (this.#trace.length >= largest) this.flush();
      return tensors;
    }

    #refer(data: TensorData, constant: string | undefined): Reference {
      if (data.output !== undefined) return { kind: 'output', index: data.output };
      if (constant !== undefined) {
        const text = `${data.shape.join()}${constant}`;
        return this.#trace.addConstant(text, toConstant(data));
      }
      if (data.values !== null) {
        data.id = this.binding.createTensor(data.shape, data.dtype, data.values);
        data.values = null;
      }
      return this.#trace.addArgument(data.id, { dtype: data.dtype, shape: data.shape });
    }
  }

  function toConstant({ dtype, shape, values }: TensorData): FunctionValue {
    return { dtype, shape, values: Int32Array.from(values ?? []) };
  }

  function infer(
    name: string,
    attrs: readonly OpAttr[],
    datas: readonly TensorData[],
    constants: readonly (string | undefined)[],
  ): Signature | null {
    const inputs = datas.map((data, n) => (constants[n] === undefined ? { dtype: data.dtype, shape: data.shape } : toConstant(data))); // prettier-ignore
    let inferred: ReturnType<GraphBinding['inferOp']>;
    try {
      inferred = binding.inferOp(name, attrs, inputs);
    } catch {
      // Run by itself, it says better what is wrong with it.
      return null;
    }
    const outputs: Signature['outputs'][number][] = [];
    for (const { dtype, shape } of inferred) {
      if (shape === null || !plain.has(dtype)) return null;
      outputs.push({ dtype, shape });
    }
    return { id: signatures.size, outputs };
  }

  function runTrace(trace: Trace, wanted: readonly number[]): Handle[] {
    const key = trace.key(wanted);
    let name = functions.get(key);
    if (name === undefined) {
      name = `almanac_${defined++}`;
      const { args, constants, nodes, outputs } = trace.toFunction(wanted);
      binding.defineFunction(name, args, constants, nodes, outputs, []);
      functions.set(key, name);
      const [[oldest, forgotten]] = functions;
      if (functions.size > kept) {
        binding.removeFunction(forgotten);
        functions.delete(oldest);
      }
    }
    try {
      return binding.executeOp(name, [], trace.argumentIds, wanted.length);
    } catch (cause) {
      throw explain(cause);
    }
  }

  const backend = new GraphBackend(binding, '@tensorflow/tfjs-node-gpu');
  flushAfterTidy(backend);
  return backend;
}

/** TensorFlow's word for too little memory becomes ours; anything else stays as it is. */
function explain(cause: unknown): unknown {
  if (!(cause instanceof Error) || !/\bOOM\b|RESOURCE_EXHAUSTED|failed to allocate/i.test(cause.message)) return cause;
  return new AppError(
    'out_of_memory',
    `The native engine has too little memory for this step (${cause.message.split('\n')[0]}). Lower train.batch_size or take a smaller model.`,
    { cause },
  );
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
