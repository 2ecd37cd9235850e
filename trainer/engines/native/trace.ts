import type { FunctionNode, FunctionValue, OpAttr } from './binding.ts';

/** Where a recorded operation finds an input: among the arguments, the constants, or what earlier nodes give. */
export interface Reference {
  readonly kind: 'argument' | 'constant' | 'output';
  readonly index: number;
}

/** What an operation gives for inputs of some shapes; known after TensorFlow has inferred it once. */
export interface Signature {
  readonly id: number;
  readonly outputs: readonly { readonly dtype: number; readonly shape: number[] }[];
}

interface Step {
  readonly name: string;
  readonly attrs: readonly OpAttr[];
  readonly inputs: readonly Reference[];
  readonly outputs: number;
}

/** Operations recorded and not yet run. Equal keys mean equal functions, whatever the values of the arguments. */
export class Trace {
  readonly argumentIds: number[] = [];
  readonly #arguments: FunctionValue[] = [];
  readonly #argumentOf = new Map<number, number>();
  readonly #constants: FunctionValue[] = [];
  readonly #constantOf = new Map<string, number>();
  readonly #steps: Step[] = [];
  readonly #key: number[] = [];
  #outputs = 0;

  get length(): number {
    return this.#steps.length;
  }

  uses(id: number): boolean {
    return this.#argumentOf.has(id);
  }

  /** A tensor of the library, by its handle. */
  addArgument(id: number, value: FunctionValue): Reference {
    let index = this.#argumentOf.get(id);
    if (index === undefined) {
      index = this.argumentIds.push(id) - 1;
      this.#arguments.push(value);
      this.#argumentOf.set(id, index);
    }
    return { kind: 'argument', index };
  }

  /** `text` tells the constant from all others. */
  addConstant(text: string, value: FunctionValue): Reference {
    let index = this.#constantOf.get(text);
    if (index === undefined) {
      index = this.#constants.push(value) - 1;
      this.#constantOf.set(text, index);
    }
    return { kind: 'constant', index };
  }

  /** Returns the number of its first output. */
  add(name: string, attrs: readonly OpAttr[], inputs: readonly Reference[], signature: Signature): number {
    const first = this.#outputs;
    this.#steps.push({ name, attrs, inputs, outputs: signature.outputs.length });
    this.#outputs += signature.outputs.length;
    this.#key.push(-1 - signature.id);
    for (const { kind, index } of inputs) {
      this.#key.push(kind === 'argument' ? 3 * index : kind === 'constant' ? 3 * index + 1 : 3 * index + 2);
    }
    return first;
  }

  /** `outputs` are those that are wanted, by number. */
  key(outputs: readonly number[]): string {
    return `${this.#key.join()};${outputs.join()}`;
  }

  /** The function that runs all steps and gives `outputs`. */
  toFunction(outputs: readonly number[]): {
    readonly args: readonly FunctionValue[];
    readonly constants: readonly FunctionValue[];
    readonly nodes: readonly FunctionNode[];
    readonly outputs: readonly number[];
  } {
    const constants = this.#arguments.length;
    const values = constants + this.#constants.length;
    const slot = ({ kind, index }: Reference): number =>
      kind === 'argument' ? index : kind === 'constant' ? constants + index : values + index;
    return {
      args: this.#arguments,
      constants: this.#constants,
      nodes: this.#steps.map(({ name, attrs, inputs, outputs }) => ({
        name,
        attrs,
        outputs,
        inputs: inputs.map(slot),
      })),
      outputs: outputs.map((index) => values + index),
    };
  }
}
