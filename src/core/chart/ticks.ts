/** Places of an axis to write a number at. */
export interface Ticks {
  /** Ends of the axis. */
  readonly domain: readonly [number, number];
  /** Ascending, within the domain. */
  readonly values: readonly number[];
  /** From one to the next; the smallest where they are not even. */
  readonly step: number;
}

/** The smallest of 1, 2 and 5 times a power of ten that is at least `step` > 0. */
function roundStep(step: number): number {
  const unit = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((one) => one * unit >= step * (1 - 1e-9)) ?? 10;
  return factor * unit;
}

/**
 * Ticks from a round number at or below `low` to one at or above `high`, at most `most` steps apart from the one that
 * rounding may add. They differ within four significant digits, so that no two of them read alike; a range narrower
 * than that is widened, and a single number stands in the middle of a tenth of itself on either side.
 */
export function niceTicks(low: number, high: number, most: number): Ticks {
  if (low === high && low !== 0) {
    const around = Math.abs(low) / 10;
    return niceTicks(low - around, high + around, most);
  }
  const size = Math.max(Math.abs(low), Math.abs(high));
  const finest = size > 0 ? 10 ** (Math.floor(Math.log10(size)) - 3) : 1;
  const step = Math.max(roundStep(Math.max((high - low) / most, 1e-300)), finest);
  let first = Math.floor(low / step + 1e-9);
  let last = Math.ceil(high / step - 1e-9);
  if (first === last) {
    first--;
    last++;
  }
  const values = Array.from({ length: last - first + 1 }, (_, k) => multiple(first + k, step));
  return { domain: [values[0] ?? low, values.at(-1) ?? high], values, step };
}

/**
 * Whole numbers within a range, at most `most` or so: of epochs and steps there are no parts. Only a range that holds
 * fewer than two of them has finer ticks.
 */
export function wholeTicks(low: number, high: number, most: number): Ticks {
  const wide = roundStep(Math.max((high - low) / Math.max(1, most), 1e-300));
  const step = Math.floor(high) - Math.ceil(low) >= 1 ? Math.max(1, wide) : wide;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.max(0, Math.floor(high / step + 1e-9) - first + 1);
  const values = Array.from({ length: count }, (_, k) => multiple(first + k, step));
  return { domain: [low, high], values, step };
}

/** Ticks of a logarithmic axis over a positive range: powers of ten with 2 and 5 between, or round steps where it is short. */
export function logTicks(low: number, high: number, most: number): Ticks {
  if (high < 5 * low) {
    const { domain, values, step } = niceTicks(low, high, most);
    const positive = values.filter((value) => value > 0);
    return { domain: [domain[0] > 0 ? domain[0] : low, domain[1]], values: positive, step };
  }
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const factors = 3 * (last - first) <= 2 * most ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil((last - first) / most));
  const values: number[] = [];
  for (let power = first; power <= last; power += stride) {
    for (const factor of factors) values.push(Number(`${factor}e${power}`));
  }
  const above = values.find((value) => value >= high * (1 - 1e-9)) ?? high;
  const below = values.findLast((value) => value <= low * (1 + 1e-9)) ?? low;
  return {
    domain: [below, above],
    values: values.filter((value) => value >= below && value <= above),
    step: values[0] ?? low,
  };
}

/** k · step without the dust of the product: 3 · 0.1 is 0.3. */
function multiple(k: number, step: number): number {
  return Number((k * step).toPrecision(12));
}
