import { sizeOf } from './size.ts';
import type { Program } from './webgpu-backend.ts';

const width = 64;

interface FlatProgram {
  /** Unique among all programs; what changes the code is part of it. */
  readonly name: string;
  /** Names of the inputs in WGSL: each is an array, and getX(…) reads one by coordinates. */
  readonly inputs: readonly string[];
  readonly outputShape: readonly number[];
  /** Members of the uniforms, `rows : i32, columns : i32,`, in the order of the data. */
  readonly uniforms?: string;
  /** Statements that compute output `index`; they may call `setOutputAtIndex(index, value)`. */
  readonly body: string;
  /** Functions in front of it. */
  readonly functions?: string;
}

/** A program with one invocation an output. */
export function flatProgram({ name, inputs, outputShape, uniforms = '', body, functions = '' }: FlatProgram): Program {
  return {
    variableNames: [...inputs],
    outputShape: [...outputShape],
    shaderKey: `almanac_${name}`,
    workgroupSize: [width, 1, 1],
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: [Math.ceil(sizeOf(outputShape) / width), 1, 1],
    size: true,
    uniforms,
    getUserCode: () => `
      ${functions}
      fn main(index : i32) {
        if (index < uniforms.size) {
          ${body}
        }
      }`,
  };
}
