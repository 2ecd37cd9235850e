// Layer norm over the last axis, forward and backward, a row at a time.

// @ts-ignore: decorator
@inline function sumOf(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** Mean and 1/√(variance + ε) of `width` floats, into `statistics` (two floats). */
// @ts-ignore: decorator
@inline function measure(x: usize, width: usize, epsilon: f32, statistics: usize): void {
  const whole = (width & ~3) * 4;
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < whole; at += 16) sum = f32x4.add(sum, v128.load(x + at));
  let total = sumOf(sum);
  for (let at = whole; at < width * 4; at += 4) total += load<f32>(x + at);
  const mean = total / <f32>width;
  const means = f32x4.splat(mean);
  let squares = f32x4.splat(0);
  for (let at: usize = 0; at < whole; at += 16) {
    const d = f32x4.sub(v128.load(x + at), means);
    squares = f32x4.relaxed_madd(d, d, squares);
  }
  let variance = sumOf(squares);
  for (let at = whole; at < width * 4; at += 4) {
    const d = load<f32>(x + at) - mean;
    variance += d * d;
  }
  store<f32>(statistics, mean);
  store<f32>(statistics, <f32>1 / sqrt<f32>(variance / <f32>width + epsilon), 4);
}

/** Chunk of y = (x − mean)/sd · gamma + beta over rows of `width` floats. `statistics` [rows, 2] is kept for the backward pass. */
export function layerNorm(
  chunk: usize, x: usize, gamma: usize, beta: usize, y: usize, statistics: usize, rows: usize, width: usize, epsilon: f32,
  perChunk: usize,
): void {
  const first = chunk * perChunk, last = min(rows, first + perChunk);
  const whole = (width & ~3) * 4;
  for (let row = first; row < last; row++) {
    const from = x + row * width * 4, to = y + row * width * 4, own = statistics + row * 8;
    measure(from, width, epsilon, own);
    const mean = load<f32>(own), scale = load<f32>(own, 4);
    const means = f32x4.splat(mean), scales = f32x4.splat(scale);
    for (let at: usize = 0; at < whole; at += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(from + at), means), scales);
      v128.store(to + at, f32x4.relaxed_madd(normal, v128.load(gamma + at), v128.load(beta + at)));
    }
    for (let at = whole; at < width * 4; at += 4) {
      store<f32>(to + at, (load<f32>(from + at) - mean) * scale * load<f32>(gamma + at) + load<f32>(beta + at));
    }
  }
}

/**
 * Chunk of the gradient: dx, and this chunk's sums for gamma and beta at partial + chunk · 2 · width floats (zeroed here). With
 * n = (x − mean)/sd and e = dy·gamma: dx = (e − mean(e) − n·mean(e·n))/sd.
 */
export function layerNormGradient(
  chunk: usize, dy: usize, x: usize, gamma: usize, statistics: usize, dx: usize, partial: usize, rows: usize, width: usize,
  perChunk: usize,
): void {
  const first = chunk * perChunk, last = min(rows, first + perChunk);
  const bytes = width * 4;
  const whole = (width & ~3) * 4;
  const sumGamma = partial + chunk * 2 * bytes, sumBeta = sumGamma + bytes;
  memory.fill(sumGamma, 0, 2 * bytes);
  for (let row = first; row < last; row++) {
    const from = x + row * bytes, up = dy + row * bytes, to = dx + row * bytes, own = statistics + row * 8;
    const mean = load<f32>(own), scale = load<f32>(own, 4);
    const means = f32x4.splat(mean), scales = f32x4.splat(scale);
    let sumE = f32x4.splat(0), sumEN = f32x4.splat(0);
    for (let at: usize = 0; at < whole; at += 16) {
      const d = v128.load(up + at);
      const n = f32x4.mul(f32x4.sub(v128.load(from + at), means), scales);
      const e = f32x4.mul(d, v128.load(gamma + at));
      sumE = f32x4.add(sumE, e);
      sumEN = f32x4.relaxed_madd(e, n, sumEN);
      v128.store(sumGamma + at, f32x4.relaxed_madd(d, n, v128.load(sumGamma + at)));
      v128.store(sumBeta + at, f32x4.add(v128.load(sumBeta + at), d));
    }
    let totalE = sumOf(sumE), totalEN = sumOf(sumEN);
    for (let at = whole; at < bytes; at += 4) {
      const d = load<f32>(up + at);
      const n = (load<f32>(from + at) - mean) * scale;
      const e = d * load<f32>(gamma + at);
      totalE += e;
      totalEN += e * n;
      store<f32>(sumGamma + at, load<f32>(sumGamma + at) + d * n);
      store<f32>(sumBeta + at, load<f32>(sumBeta + at) + d);
    }
    const meanE = totalE / <f32>width, meanEN = totalEN / <f32>width;
    const meansE = f32x4.splat(meanE), meansEN = f32x4.splat(meanEN);
    for (let at: usize = 0; at < whole; at += 16) {
      const n = f32x4.mul(f32x4.sub(v128.load(from + at), means), scales);
      const e = f32x4.mul(v128.load(up + at), v128.load(gamma + at));
      v128.store(to + at, f32x4.mul(f32x4.sub(f32x4.sub(e, meansE), f32x4.mul(n, meansEN)), scales));
    }
    for (let at = whole; at < bytes; at += 4) {
      const n = (load<f32>(from + at) - mean) * scale;
      const e = load<f32>(up + at) * load<f32>(gamma + at);
      store<f32>(to + at, (e - meanE - n * meanEN) * scale);
    }
  }
}

/** Adds the chunks' sums in their order: to [2, width]. */
export function addPartials(chunk: usize, partial: usize, to: usize, pieces: usize, width: usize): void {
  for (let column: usize = 0; column < width; column++) {
    let total: f64 = 0;
    for (let piece: usize = 0; piece < pieces; piece++) total += <f64>load<f32>(partial + (piece * width + column) * 4);
    store<f32>(to + column * 4, <f32>total);
  }
}
