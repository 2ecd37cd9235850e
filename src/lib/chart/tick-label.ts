import type { Ticks } from '#core/chart/ticks.ts';

const units = [
  { size: 1e9, sign: 'G' },
  { size: 1e6, sign: 'M' },
  { size: 1e3, sign: 'k' },
] as const;

/** A tick's number with as many digits as it takes to tell it from its neighbours: 0.680 beside 0.685, 20k, 1.5e−5. */
export function tickLabel(value: number, { domain, step }: Pick<Ticks, 'domain' | 'step'>): string {
  if (value === 0) return '0';
  const unit = units.find(({ size }) => step >= size);
  if (unit) return `${value / unit.size}${unit.sign}`.replace('-', '−');
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const largest = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  if (decimals > 4 && largest < 1e-3) {
    const digits = Math.floor(Math.log10(Math.abs(value)) + 1e-9) + decimals;
    return value.toExponential(Math.max(0, digits)).replaceAll('-', '−');
  }
  const text = decimals === 0 ? value.toLocaleString('en') : value.toFixed(decimals);
  return text.replace('-', '−');
}
