import type { FunctionValue, GraphBinding, OpAttr } from './binding.ts';
import type { TensorData } from './node-backend.ts';
import type { Signature } from './trace.ts';

/** TensorFlow's number for int64: tfjs has none, so it only travels between operations that are recorded. */
export const int64 = 9;
/** dtypes of TensorFlow that travel through functions: float, int32, int64, bool. */
const plain = new Set([1, 3, int64, 10]);

/** Whether tensors of this dtype may go into a function. */
export function isPlain(dtype: number): boolean {
  return plain.has(dtype);
}

/** The values of a tensor that becomes a constant of a function. */
export function toConstant({ dtype, shape, values }: TensorData): FunctionValue {
  return { dtype, shape, values: Int32Array.from(values ?? []) };
}

/** What operations give for inputs of some shapes: TensorFlow is asked once each. */
export class Signatures {
  readonly #binding: GraphBinding;
  readonly #known = new Map<string, Signature | null>();

  constructor(binding: GraphBinding) {
    this.#binding = binding;
  }

  /**
   * null where an operation cannot be part of a function: the shape of what it gives depends on values.
   *
   * @param text tells the operation, its attributes, shapes and constants from all others.
   */
  find(
    text: string,
    name: string,
    attrs: readonly OpAttr[],
    datas: readonly TensorData[],
    constants: readonly (string | undefined)[],
  ): Signature | null {
    let signature = this.#known.get(text);
    if (signature === undefined) {
      signature = this.#infer(name, attrs, datas, constants);
      this.#known.set(text, signature);
    }
    return signature;
  }

  #infer(
    name: string,
    attrs: readonly OpAttr[],
    datas: readonly TensorData[],
    constants: readonly (string | undefined)[],
  ): Signature | null {
    const inputs = datas.map((data, n) => (constants[n] === undefined ? { dtype: data.dtype, shape: data.shape } : toConstant(data))); // prettier-ignore
    let inferred: ReturnType<GraphBinding['inferOp']>;
    try {
      inferred = this.#binding.inferOp(name, attrs, inputs);
    } catch {
      // Run on its own, the operation gives a better error message.
      return null;
    }
    const outputs: Signature['outputs'][number][] = [];
    for (const { dtype, shape } of inferred) {
      if (shape === null || !isPlain(dtype)) return null;
      outputs.push({ dtype, shape });
    }
    return { id: this.#known.size, outputs };
  }
}
