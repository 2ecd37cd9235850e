import { AppError } from '#core/error.ts';
import type { GraphBinding, Handle } from './binding.ts';
import type { Trace } from './trace.ts';

/** TensorFlow functions of the traces that were run, kept by structure, never by values; the oldest goes first. */
export class GraphFunctions {
  readonly #binding: GraphBinding;
  readonly #kept: number;
  readonly #names = new Map<string, string>();
  #defined = 0;

  /** @param kept functions at most. */
  constructor(binding: GraphBinding, kept: number) {
    this.#binding = binding;
    this.#kept = kept;
  }

  /** Runs a trace as one function and gives the outputs that are `wanted`. @throws AppError out_of_memory. */
  run(trace: Trace, wanted: readonly number[]): Handle[] {
    const name = this.#nameOf(trace, wanted);
    try {
      return this.#binding.executeOp(name, [], trace.argumentIds, wanted.length);
    } catch (cause) {
      throw explain(cause);
    }
  }

  #nameOf(trace: Trace, wanted: readonly number[]): string {
    const key = trace.key(wanted);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `almanac_${this.#defined++}`;
    const { args, constants, nodes, outputs } = trace.toFunction(wanted);
    this.#binding.defineFunction(name, args, constants, nodes, outputs, []);
    this.#names.set(key, name);
    const [[oldest, forgotten]] = this.#names;
    if (this.#names.size > this.#kept) {
      this.#binding.removeFunction(forgotten);
      this.#names.delete(oldest);
    }
    return name;
  }
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
