import { describe, expect, it } from 'vitest';
import { isConstInput } from '#trainer/engines/native/const-inputs.ts';
import { Trace } from '#trainer/engines/native/trace.ts';

const float = { dtype: 1, shape: [2] };
const signature = (id: number, outputs = 1) => ({ id, outputs: new Array(outputs).fill(float) });

/** sum(split(a)) · b, with handles and a constant that the caller chooses. */
function record(ids: readonly [number, number], axis: number): { readonly trace: Trace; readonly last: number } {
  const trace = new Trace();
  const a = trace.addArgument(ids[0], float);
  const constant = trace.addConstant(`=${axis}`, { dtype: 3, shape: [], values: Int32Array.of(axis) });
  const first = trace.add('Split', [], [constant, a], signature(1, 2));
  const sum = trace.add(
    'Add',
    [],
    [
      { kind: 'output', index: first },
      { kind: 'output', index: first + 1 },
    ],
    signature(2),
  );
  const b = trace.addArgument(ids[1], float);
  const last = trace.add('Mul', [], [{ kind: 'output', index: sum }, b], signature(3));
  return { trace, last };
}

describe('Trace', () => {
  it('numbers arguments, constants and outputs as a function wants them', () => {
    const { trace, last } = record([7, 9], 1);
    expect(trace.argumentIds).toEqual([7, 9]);
    expect(trace.uses(9)).toBe(true);
    expect(trace.uses(8)).toBe(false);
    const { args, constants, nodes, outputs } = trace.toFunction([last]);
    expect([args.length, constants.length, nodes.length]).toEqual([2, 1, 3]);
    expect(nodes.map(({ inputs }) => inputs)).toEqual([[2, 0], [3, 4], [5, 1]]); // prettier-ignore
    expect(outputs).toEqual([6]);
  });

  it('takes one tensor for one argument', () => {
    const { trace } = record([7, 7], 1);
    expect(trace.argumentIds).toEqual([7]);
  });

  it('has the same key for other handles alone', () => {
    const { trace, last } = record([7, 9], 1);
    expect(record([1, 2], 1).trace.key([last])).toBe(trace.key([last]));
    expect(record([7, 7], 1).trace.key([last])).not.toBe(trace.key([last]));
    expect(trace.key([0, last])).not.toBe(trace.key([last]));
  });
});

describe('isConstInput', () => {
  it('knows axes and sizes from data', () => {
    expect(isConstInput('ConcatV2', 3, 4, 1)).toBe(true);
    expect(isConstInput('ConcatV2', 2, 4, 1)).toBe(false);
    expect(isConstInput('GatherV2', 1, 3, 8)).toBe(false);
    expect(isConstInput('GatherV2', 2, 3, 1)).toBe(true);
    expect(isConstInput('Add', 0, 2, 1)).toBe(false);
    expect(isConstInput('Reshape', 1, 2, 1000)).toBe(false);
  });
});
