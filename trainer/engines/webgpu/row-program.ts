import type { Program } from './webgpu-backend.ts';

const width = 64;

interface RowProgram {
  /** Unique among all programs. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputShape: readonly number[];
  /** How many rows there are, each of `uniforms.columns` values. */
  readonly rows: number;
  /** Members of the uniforms after `rows : i32, columns : i32,`. */
  readonly uniforms?: string;
  /**
   * Statements of one workgroup for row `row`, whose first value is at `start`. They may call `sumOfRow(own)`, with what this
   * invocation adds to a sum over the row, and loop with `each(column)` over the columns that are this invocation's.
   */
  readonly body: string;
}

/** A program with one workgroup a row, for what needs sums over rows. */
export function rowProgram({ name, inputs, outputShape, rows, uniforms = '', body }: RowProgram): Program {
  return {
    variableNames: [...inputs],
    outputShape: [...outputShape],
    shaderKey: `almanac_${name}`,
    workgroupSize: [width, 1, 1],
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: [rows, 1, 1],
    uniforms: `rows : i32, columns : i32, ${uniforms}`,
    // Rows past the end exist where a dispatch is folded into two dimensions: their loops do nothing, and barriers are met.
    getUserCode: () => `
      var<workgroup> parts : array<f32, ${width}>;

      fn sumOfRow(own : f32) -> f32 {
        let lane = i32(localIndex);
        parts[lane] = own;
        workgroupBarrier();
        for (var span = ${width / 2}; span > 0; span /= 2) {
          if (lane < span) { parts[lane] += parts[lane + span]; }
          workgroupBarrier();
        }
        let sum = parts[0];
        workgroupBarrier();
        return sum;
      }

      fn main(index : i32) {
        let row = index / ${width};
        let start = row * uniforms.columns;
        let columns = select(0, uniforms.columns, row < uniforms.rows);
        ${body.replaceAll(/each\((\w+)\)/g, `for (var $1 = i32(localIndex); $1 < columns; $1 += ${width})`)}
      }`,
  };
}
