// Transcendental functions on four floats at once, to about the last digit of a float32 (tests compare them with Math).

// @ts-ignore: decorator
@inline function madd(a: v128, b: v128, sum: v128): v128 {
  return f32x4.relaxed_madd(a, b, sum);
}

/**
 * eˣ: x = n·ln 2 + r with |r| ≤ ½·ln 2, a polynomial for eʳ (Cephes, S. Moshier), and n added to the exponent. Infinite above 88.72,
 * 0 below −87.33, NaN for NaN.
 */
// @ts-ignore: decorator
@inline export function exp(x: v128): v128 {
  const clamped = f32x4.min(f32x4.max(x, f32x4.splat(-87.33)), f32x4.splat(88.37));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504088896341)));
  let r = madd(n, f32x4.splat(-0.693359375), clamped);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  const value = f32x4.mul(p, scale);
  const high = v128.bitselect(f32x4.splat(Infinity), value, f32x4.gt(x, f32x4.splat(88.72)));
  const low = v128.andnot(high, f32x4.lt(x, f32x4.splat(-87.33)));
  // A NaN came through the clamp, but not through the exponent.
  return v128.bitselect(x, low, f32x4.ne(x, x));
}

/** 1 / (1 + e⁻ˣ) */
// @ts-ignore: decorator
@inline export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** tanh: 1 − 2/(e²ˣ + 1), and near zero, where that would lose digits, its series. */
// @ts-ignore: decorator
@inline export function tanh(x: v128): v128 {
  const one = f32x4.splat(1);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(exp(f32x4.add(x, x)), one)));
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(0.021869488536155203);
  p = madd(p, square, f32x4.splat(-0.053968253968253971));
  p = madd(p, square, f32x4.splat(0.13333333333333333));
  p = madd(p, square, f32x4.splat(-0.33333333333333333));
  p = madd(f32x4.mul(p, square), x, x);
  return v128.bitselect(p, far, f32x4.lt(square, f32x4.splat(0.0625)));
}

/** Error function: a rational approximation on [−4, 4] (as Eigen and XLA have it), ±1 beyond. */
// @ts-ignore: decorator
@inline function erf(x: v128): v128 {
  const z = f32x4.min(f32x4.max(x, f32x4.splat(-4)), f32x4.splat(4));
  const square = f32x4.mul(z, z);
  let p = f32x4.splat(-2.72614225801306e-10);
  p = madd(p, square, f32x4.splat(2.77068142495902e-8));
  p = madd(p, square, f32x4.splat(-2.10102402082508e-6));
  p = madd(p, square, f32x4.splat(-5.69250639462346e-5));
  p = madd(p, square, f32x4.splat(-7.34990630326855e-4));
  p = madd(p, square, f32x4.splat(-2.95459980854025e-3));
  p = madd(p, square, f32x4.splat(-1.60960333262415e-2));
  let q = f32x4.splat(-1.45660718464996e-5);
  q = madd(q, square, f32x4.splat(-2.13374055278905e-4));
  q = madd(q, square, f32x4.splat(-1.68282697438203e-3));
  q = madd(q, square, f32x4.splat(-7.37332916720468e-3));
  q = madd(q, square, f32x4.splat(-1.42647390514189e-2));
  return f32x4.div(f32x4.mul(z, p), q);
}

/** Distribution function of the standard normal, for GELU. */
// @ts-ignore: decorator
@inline export function normalCdf(x: v128): v128 {
  const half = f32x4.splat(0.5);
  return madd(half, erf(f32x4.mul(x, f32x4.splat(0.70710678118654752))), half);
}

/** Density of the standard normal. */
// @ts-ignore: decorator
@inline export function normalDensity(x: v128): v128 {
  return f32x4.mul(f32x4.splat(0.39894228040143268), exp(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))));
}
