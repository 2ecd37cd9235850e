/**
 * Probability that a number of Student's t distribution with `degrees` (a whole number from 1) is above `t`: the finite
 * series of Abramowitz and Stegun 26.7.3 and 26.7.4. Work grows with `degrees` only while its terms count.
 */
export function studentTail(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cos = Math.cos(angle);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cos : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k <= degrees - 2 && term > 1e-18 * sum; k += 2) {
    term *= ((k - 1) / k) * cos * cos;
    sum += term;
  }
  const within = isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return (1 - within) / 2;
}
