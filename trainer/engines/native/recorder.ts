import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBinding, OpAttr } from './binding.ts';
import { isConstInput } from './const-inputs.ts';
import { GraphFunctions } from './graph-functions.ts';
import type { NodeBackend, TensorData } from './node-backend.ts';
import { int64, isPlain, Signatures, toConstant } from './signatures.ts';
import { type Reference, type Signature, Trace } from './trace.ts';

export interface GraphOptions {
  /** Recorded operations after which the trace is run without waiting for more. */
  readonly largest?: number;
  /** Functions that are kept; the oldest goes first. */
  readonly functions?: number;
}

/** Records the operations of a backend and runs them together when it is told to. */
export class Recorder {
  readonly #backend: Pick<NodeBackend, 'tensorMap' | 'createOutputTensor'>;
  readonly #binding: GraphBinding;
  readonly #largest: number;
  readonly #signatures: Signatures;
  readonly #functions: GraphFunctions;
  #trace = new Trace();
  /** By number of output. */
  #pending: (TensorData | undefined)[] = [];
  /** Handles that were given up while the trace still needs them. */
  #released: number[] = [];

  constructor(
    backend: Pick<NodeBackend, 'tensorMap' | 'createOutputTensor'>,
    binding: GraphBinding,
    { largest = 50_000, functions = 256 }: GraphOptions = {},
  ) {
    this.#backend = backend;
    this.#binding = binding;
    this.#largest = largest;
    this.#signatures = new Signatures(binding);
    this.#functions = new GraphFunctions(binding, functions);
  }

  /** The tensors it will give; undefined where the operation must run by itself: its shapes depend on values. */
  record(name: string, attrs: readonly OpAttr[], inputs: readonly tf.TensorInfo[]): tf.Tensor[] | undefined {
    let text = name;
    for (const attr of attrs) text += `|${attr.name}=${String(attr.value)}`;
    const datas: TensorData[] = [];
    const constants: (string | undefined)[] = [];
    for (let n = 0; n < inputs.length; n++) {
      const { dataId } = inputs[n];
      if (dataId === undefined) return undefined;
      const data = this.#backend.tensorMap.get(dataId);
      if (!isPlain(data.dtype)) return undefined;
      const constant = this.#constantText(name, n, inputs.length, data);
      datas.push(data);
      constants.push(constant);
      text += `|${data.dtype}:${data.shape.join()}`;
      if (constant !== undefined) text += constant;
    }
    const signature = this.#signatures.find(text, name, attrs, datas, constants);
    if (signature === null) return undefined;
    const references = datas.map((data, n) => this.#refer(data, constants[n]));
    const tensors = this.#openOutputs(signature, this.#trace.add(name, attrs, references, signature));
    if (this.#trace.length >= this.#largest) this.flush();
    return tensors;
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
      const handles = this.#functions.run(trace, wanted);
      const living = pending.filter((data) => data !== undefined);
      living.forEach((data, n) => {
        data.id = handles[n].id;
        data.output = undefined;
      });
    }
    for (const id of released) this.#binding.deleteTensor(id);
  }

  /** Gives a tensor up: it is freed as soon as the trace does not need it either. */
  release(data: TensorData): void {
    if (data.output !== undefined) this.#pending[data.output] = undefined;
    else if (data.id >= 0 && this.#trace.uses(data.id)) this.#released.push(data.id);
    else if (data.id >= 0) this.#binding.deleteTensor(data.id);
  }

  /** The values of an input that TensorFlow wants to know beforehand, as text; undefined for all others. */
  #constantText(name: string, n: number, inputs: number, { values, dtype }: TensorData): string | undefined {
    if (values === null || dtype !== this.#binding.TF_INT32) return undefined;
    return isConstInput(name, n, inputs, values.length) ? `=${Array.prototype.join.call(values)}` : undefined;
  }

  #refer(data: TensorData, constant: string | undefined): Reference {
    if (data.output !== undefined) return { kind: 'output', index: data.output };
    if (constant !== undefined) {
      const text = `${data.shape.join()}${constant}`;
      return this.#trace.addConstant(text, toConstant(data));
    }
    if (data.values !== null) {
      data.id = this.#binding.createTensor(data.shape, data.dtype, data.values);
      data.values = null;
    }
    return this.#trace.addArgument(data.id, { dtype: data.dtype, shape: data.shape });
  }

  /** Tensors without a handle yet, for the outputs of an operation from number `first` on. */
  #openOutputs({ outputs }: Signature, first: number): tf.Tensor[] {
    return outputs.map(({ dtype, shape }, n) => {
      const tensor = this.#backend.createOutputTensor({
        id: -1,
        dtype: dtype === int64 ? this.#binding.TF_INT32 : dtype,
        shape: [...shape],
      });
      const data = this.#backend.tensorMap.get(tensor.dataId);
      data.dtype = dtype;
      data.output = first + n;
      this.#pending[first + n] = data;
      return tensor;
    });
  }
}
