/**
 * Inputs that decide the shape of what an operation gives, by position (−1 is the last): axes, sizes, offsets. They become
 * constants of a function; another value of theirs is another function. All other inputs are its arguments.
 */
const positions: Readonly<Record<string, readonly number[]>> = {
  All: [1],
  Any: [1],
  ArgMax: [1],
  ArgMin: [1],
  BatchToSpaceND: [1, 2],
  BroadcastTo: [1],
  ConcatV2: [-1],
  Conv2DBackpropFilter: [1],
  Conv2DBackpropInput: [0],
  Cumsum: [1],
  DepthwiseConv2dNativeBackpropFilter: [1],
  DepthwiseConv2dNativeBackpropInput: [0],
  ExpandDims: [1],
  Fill: [0],
  GatherV2: [2],
  Max: [1],
  Mean: [1],
  Min: [1],
  MirrorPad: [1],
  OneHot: [1],
  PadV2: [1],
  Prod: [1],
  Reshape: [1],
  ReverseV2: [1],
  Slice: [1, 2],
  SpaceToBatchND: [1, 2],
  SplitV: [1, 2],
  StridedSlice: [1, 2, 3],
  Sum: [1],
  Tile: [1],
  Transpose: [1],
  UnsortedSegmentSum: [2],
};

/** Longer ones are data, whatever their position. */
const longest = 32;

export function isConstInput(name: string, position: number, count: number, length: number): boolean {
  const known = positions[name];
  return known !== undefined && length <= longest && (known.includes(position) || known.includes(position - count));
}
