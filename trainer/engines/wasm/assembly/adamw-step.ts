// The optimizer's step in one pass over weights, moments and gradients.

/** Chunk of AdamW over `count` floats; see ops/adamw-step.ts for the rule. */
export function adamw(
  chunk: usize, count: usize, perChunk: usize, w: usize, m: usize, v: usize, g: usize, decay: usize, scale: usize,
  nextW: usize, nextM: usize, nextV: usize, rate: f32, epsilon: f32, shrink: f32, beta1: f32, beta2: f32,
): void {
  const first = chunk * perChunk, last = min(count, first + perChunk);
  const factor = v128.load32_splat(scale);
  const keepM = f32x4.splat(beta1), takeM = f32x4.splat(1 - beta1);
  const keepV = f32x4.splat(beta2), takeV = f32x4.splat(1 - beta2);
  const rates = f32x4.splat(rate), epsilons = f32x4.splat(epsilon), shrinks = f32x4.splat(shrink);
  let at = first * 4;
  const end = at + ((last - first) & ~3) * 4;
  for (; at < end; at += 16) {
    const grad = f32x4.mul(v128.load(g + at), factor);
    const weight = v128.load(w + at);
    const mean = f32x4.relaxed_madd(v128.load(m + at), keepM, f32x4.mul(grad, takeM));
    const square = f32x4.relaxed_madd(v128.load(v + at), keepV, f32x4.mul(f32x4.mul(grad, grad), takeV));
    const change = f32x4.div(f32x4.mul(rates, mean), f32x4.add(f32x4.sqrt(square), epsilons));
    const decayed = f32x4.sub(weight, f32x4.mul(f32x4.mul(shrinks, v128.load(decay + at)), weight));
    v128.store(nextM + at, mean);
    v128.store(nextV + at, square);
    v128.store(nextW + at, f32x4.sub(decayed, change));
  }
  const one = load<f32>(scale);
  for (; at < last * 4; at += 4) {
    const grad = load<f32>(g + at) * one;
    const weight = load<f32>(w + at);
    const mean = load<f32>(m + at) * beta1 + grad * (<f32>1 - beta1);
    const square = load<f32>(v + at) * beta2 + grad * grad * (<f32>1 - beta2);
    store<f32>(nextM + at, mean);
    store<f32>(nextV + at, square);
    store<f32>(nextW + at, weight - shrink * load<f32>(decay + at) * weight - (rate * mean) / (sqrt<f32>(square) + epsilon));
  }
}
