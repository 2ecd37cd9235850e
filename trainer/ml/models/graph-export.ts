import type { Graph, GraphConstant, ModelShape, Parameter } from './model.ts';

/** An attribute of a node, as a GraphDef in JSON has it. */
type Attribute = { readonly b: boolean } | { readonly i: string } | { readonly type: string } | { readonly shape: unknown }; // prettier-ignore

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: Readonly<Record<string, Attribute>>;
}

const floats: Attribute = { type: 'DT_FLOAT' };

/** A tensor of the graph: the name of the node that puts it out. */
export type Wire = string;

/**
 * Writes a graph node by node. Its input is the placeholder `window` [-1, lookback, features]; -1 stands for the batch
 * throughout. Weights are nodes with the names of the parameters.
 */
export class GraphBuilder {
  readonly window: Wire = 'window';
  readonly #nodes: Node[];
  readonly #constants: GraphConstant[] = [];
  readonly #names: ReadonlySet<string>;

  constructor(parameters: readonly Parameter[], { lookback, features }: ModelShape) {
    this.#names = new Set(parameters.map(({ name }) => name));
    const size = { dim: [-1, lookback, features].map((length) => ({ size: String(length) })) };
    this.#nodes = [
      { name: this.window, op: 'Placeholder', attr: { dtype: floats, shape: { shape: size } } },
      ...parameters.map(({ name }): Node => ({ name, op: 'Const', attr: { dtype: floats } })),
    ];
  }

  weight(name: string): Wire {
    if (!this.#names.has(name)) throw new Error(`The model has no parameter ${name}`);
    return name;
  }

  /** A node of any TensorFlow operation; `attr` beside its element type. */
  op(op: string, input: readonly Wire[], attr: Readonly<Record<string, Attribute>> = {}): Wire {
    const name = `${op}_${this.#nodes.length}`;
    this.#nodes.push({ name, op, input, attr: { T: floats, ...attr } });
    return name;
  }

  number(value: number): Wire {
    return this.#constant([], 'float32', Float32Array.of(value));
  }

  integers(values: readonly number[]): Wire {
    return this.#constant([values.length], 'int32', Int32Array.from(values));
  }

  integer(value: number): Wire {
    return this.#constant([], 'int32', Int32Array.of(value));
  }

  add = (a: Wire, b: Wire): Wire => this.op('AddV2', [a, b]);
  subtract = (a: Wire, b: Wire): Wire => this.op('Sub', [a, b]);
  multiply = (a: Wire, b: Wire): Wire => this.op('Mul', [a, b]);
  divide = (a: Wire, b: Wire): Wire => this.op('RealDiv', [a, b]);
  reshape = (x: Wire, shape: readonly number[]): Wire => this.op('Reshape', [x, this.integers(shape)]);
  transpose = (x: Wire, order: readonly number[]): Wire => this.op('Transpose', [x, this.integers(order)]);
  /** Mean over one axis. */
  mean = (x: Wire, axis: number, keep: boolean): Wire =>
    this.op('Mean', [x, this.integers([axis])], { keep_dims: { b: keep } });
  /** Elements of axis 1, in the order of `indices`. */
  gather = (x: Wire, indices: readonly number[]): Wire =>
    this.op('GatherV2', [x, this.integers(indices), this.integer(1)], { batch_dims: { i: '0' } });

  /** The graph whose result is `output`. */
  finish(output: Wire): Graph {
    this.#nodes.push({ name: 'output', op: 'Identity', input: [output], attr: { T: floats } });
    return { topology: { node: this.#nodes, library: {}, versions: { producer: 1 } }, constants: this.#constants };
  }

  #constant(shape: readonly number[], dtype: 'float32' | 'int32', data: Float32Array | Int32Array): Wire {
    const same = this.#constants.find(
      (known) => known.dtype === dtype && known.shape.join() === shape.join() && known.data.join() === data.join(),
    );
    if (same) return same.name;
    const name = `constant_${this.#constants.length + 1}`;
    this.#constants.push({ name, shape, dtype, data });
    const type: Attribute = { type: dtype === 'float32' ? 'DT_FLOAT' : 'DT_INT32' };
    this.#nodes.push({ name, op: 'Const', attr: { dtype: type } });
    return name;
  }
}
