// One value in, one value out. Operations are numbers that elementwise.ts of the kernels knows by name; the loop stands inside
// each case, so that a value costs no branch.
import { normalCdf, normalDensity, sigmoid } from './math';

/** Loads up to four floats, the rest zero: the last ones of an array must not be read past its end. */
// @ts-ignore: decorator
@inline function loadSome(from: usize, count: usize): v128 {
  let value = f32x4.splat(0);
  if (count > 0) value = f32x4.replace_lane(value, 0, load<f32>(from));
  if (count > 1) value = f32x4.replace_lane(value, 1, load<f32>(from, 4));
  if (count > 2) value = f32x4.replace_lane(value, 2, load<f32>(from, 8));
  return value;
}

// @ts-ignore: decorator
@inline function storeSome(to: usize, value: v128, count: usize): void {
  if (count > 0) store<f32>(to, f32x4.extract_lane(value, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(value, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(value, 2), 8);
}

// @ts-ignore: decorator
@inline function one(x: v128, operation: i32): v128 {
  if (operation == 0) return f32x4.max(x, f32x4.splat(0));
  if (operation == 1) return sigmoid(x);
  if (operation == 2) return f32x4.mul(x, x);
  if (operation == 3) return f32x4.sqrt(x);
  if (operation == 4) return f32x4.neg(x);
  if (operation == 5) return f32x4.abs(x);
  if (operation == 6) return f32x4.mul(x, normalCdf(x));
  // tf.step: 1 above zero, else 0; NaN stays.
  return v128.bitselect(x, v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.splat(1)), f32x4.ne(x, x));
}

// @ts-ignore: decorator
@inline function each(operation: i32, x: usize, y: usize, bytes: usize): void {
  const end = x + (bytes & ~15);
  while (x < end) {
    v128.store(y, one(v128.load(x), operation));
    x += 16;
    y += 16;
  }
  const rest = (bytes & 15) >> 2;
  if (rest > 0) storeSome(y, one(loadSome(x, rest), operation), rest);
}

/** Chunk of y = f(x) for `count` floats, `perChunk` (a multiple of four) at a time. */
export function unary(chunk: usize, operation: i32, x: usize, y: usize, count: usize, perChunk: usize): void {
  const first = chunk * perChunk;
  const bytes = (min(count, first + perChunk) - first) * 4;
  const from = x + first * 4, to = y + first * 4;
  switch (operation) {
    case 0: each(0, from, to, bytes); break;
    case 1: each(1, from, to, bytes); break;
    case 2: each(2, from, to, bytes); break;
    case 3: each(3, from, to, bytes); break;
    case 4: each(4, from, to, bytes); break;
    case 5: each(5, from, to, bytes); break;
    case 6: each(6, from, to, bytes); break;
    default: each(7, from, to, bytes);
  }
}

// @ts-ignore: decorator
@inline function two(a: v128, b: v128, operation: i32): v128 {
  if (operation == 0) return f32x4.add(a, b);
  if (operation == 1) return f32x4.sub(a, b);
  if (operation == 2) return f32x4.mul(a, b);
  if (operation == 3) return f32x4.div(a, b);
  if (operation == 4) return f32x4.max(a, b);
  if (operation == 5) return f32x4.min(a, b);
  // a · 1 where b > 0, else 0: the gradient of a ReLU that gave b.
  if (operation == 6) return v128.and(a, f32x4.gt(b, f32x4.splat(0)));
  // The gradient of GELU at b: Φ(b) + b·φ(b).
  return f32x4.mul(a, f32x4.relaxed_madd(b, normalDensity(b), normalCdf(b)));
}

/** One run of `bytes`; an operand whose step is 0 is one float for the whole run. */
// @ts-ignore: decorator
@inline function run(operation: i32, a: usize, aStep: usize, b: usize, bStep: usize, y: usize, bytes: usize): void {
  const end = y + (bytes & ~15);
  const rest = (bytes & 15) >> 2;
  if (aStep != 0 && bStep != 0) {
    while (y < end) {
      v128.store(y, two(v128.load(a), v128.load(b), operation));
      a += 16; b += 16; y += 16;
    }
    if (rest > 0) storeSome(y, two(loadSome(a, rest), loadSome(b, rest), operation), rest);
  } else if (aStep != 0) {
    const fixed = v128.load32_splat(b);
    while (y < end) {
      v128.store(y, two(v128.load(a), fixed, operation));
      a += 16; y += 16;
    }
    if (rest > 0) storeSome(y, two(loadSome(a, rest), fixed, operation), rest);
  } else {
    const fixed = v128.load32_splat(a);
    while (y < end) {
      v128.store(y, two(fixed, bStep == 0 ? v128.load32_splat(b) : v128.load(b), operation));
      b += bStep == 0 ? 0 : 16; y += 16;
    }
    if (rest > 0) storeSome(y, two(fixed, bStep == 0 ? v128.load32_splat(b) : loadSome(b, rest), operation), rest);
  }
}

// @ts-ignore: decorator
@inline function runs(
  operation: i32, first: usize, last: usize, middle: usize, inner: usize,
  a: usize, aOuter: usize, aMiddle: usize, aInner: usize, b: usize, bOuter: usize, bMiddle: usize, bInner: usize, y: usize,
): void {
  for (let row = first; row < last; row++) {
    const outerIndex = row / middle, middleIndex = row % middle;
    run(
      operation, a + outerIndex * aOuter + middleIndex * aMiddle, aInner,
      b + outerIndex * bOuter + middleIndex * bMiddle, bInner, y + row * inner * 4, inner * 4,
    );
  }
}

/**
 * Chunk of y = f(a, b) over [outer, middle, inner]: `perChunk` of the outer × middle runs. Steps are bytes, 0 where an operand is
 * repeated along the axis; along the inner axis 4 or 0.
 */
export function binary(
  chunk: usize, operation: i32, rows: usize, middle: usize, inner: usize,
  a: usize, aOuter: usize, aMiddle: usize, aInner: usize, b: usize, bOuter: usize, bMiddle: usize, bInner: usize,
  y: usize, perChunk: usize,
): void {
  const first = chunk * perChunk, last = min(rows, first + perChunk);
  switch (operation) {
    case 0: runs(0, first, last, middle, inner, a, aOuter, aMiddle, aInner, b, bOuter, bMiddle, bInner, y); break;
    case 1: runs(1, first, last, middle, inner, a, aOuter, aMiddle, aInner, b, bOuter, bMiddle, bInner, y); break;
    case 2: runs(2, first, last, middle, inner, a, aOuter, aMiddle, aInner, b, bOuter, bMiddle, bInner, y); break;
    case 3: runs(3, first, last, middle, inner, a, aOuter, aMiddle, aInner, b, bOuter, bMiddle, bInner, y); break;
    case 4: runs(4, first, last, middle, inner, a, aOuter, aMiddle, aInner, b, bOuter, bMiddle, bInner, y); break;
    case 5: runs(5, first, last, middle, inner, a, aOuter, aMiddle, aInner, b, bOuter, bMiddle, bInner, y); break;
    case 6: runs(6, first, last, middle, inner, a, aOuter, aMiddle, aInner, b, bOuter, bMiddle, bInner, y); break;
    default: runs(7, first, last, middle, inner, a, aOuter, aMiddle, aInner, b, bOuter, bMiddle, bInner, y);
  }
}
