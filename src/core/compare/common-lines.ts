/**
 * Which lines of `own` are lines of `base` too, in one order: those of the longest common subsequence. What is left is what
 * is new. Work and memory grow with the product of both.
 */
export function commonLines(base: readonly string[], own: readonly string[]): readonly boolean[] {
  const width = own.length + 1;
  const longest = new Int32Array((base.length + 1) * width);
  for (let i = base.length - 1; i >= 0; i--) {
    for (let k = own.length - 1; k >= 0; k--) {
      longest[i * width + k] =
        base[i] === own[k]
          ? longest[(i + 1) * width + k + 1] + 1
          : Math.max(longest[(i + 1) * width + k], longest[i * width + k + 1]);
    }
  }
  const common = own.map(() => false);
  for (let i = 0, k = 0; i < base.length && k < own.length;) {
    if (base[i] === own[k]) {
      common[k++] = true;
      i++;
    } else if (longest[(i + 1) * width + k] >= longest[i * width + k + 1]) i++;
    else k++;
  }
  return common;
}
