/** 97.5 % quantile of the standard normal distribution: 95 % two-sided. */
const Z = 1.959963984540054;

/** Wilson's 95 % interval of a share seen in `n` independent trials (n need not be whole); NaN where n is 0. */
export function wilsonInterval(share: number, n: number): readonly [number, number] {
  if (!(n > 0)) return [NaN, NaN];
  const z2 = (Z * Z) / n;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = (Z / (1 + z2)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
