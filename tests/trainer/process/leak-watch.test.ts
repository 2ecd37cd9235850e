import { describe, expect, it } from 'vitest';
import { LeakWatch } from '#trainer/process/leak-watch.ts';

/** What the watch says after each epoch, given the tensors at its end. */
function told(counts: readonly number[], bytesEach = 1000): readonly (readonly string[])[] {
  const watch = new LeakWatch();
  return counts.map((tensors, i) => watch.mark(i + 1, { tensors, tensorBytes: tensors * bytesEach }));
}

describe('LeakWatch', () => {
  it('tells of tensors that grow three epochs in a row, with the numbers and what to do, once', () => {
    const messages = told([10, 14, 18, 22, 26, 30]);
    expect(messages.map(({ length }) => length)).toEqual([0, 0, 0, 1, 0, 0]);
    expect(messages[3][0]).toMatch(
      /^Tensors are leaking: 10, 14, 18, 22 at the ends of epochs 1 to 4 \(\+4 and 4 kB an epoch\)\. /,
    );
    expect(messages[3][0]).toContain('save a checkpoint, stop, and fork from it');
  });

  it('is silent where counts are steady, fall, or grow with a rest between', () => {
    for (const counts of [
      [10, 10, 10, 10, 10],
      [30, 20, 10, 5],
      [10, 12, 14, 14, 16, 18, 18, 20],
      [5, 50, 50, 50, 50],
    ]) {
      expect(told(counts).flat()).toEqual([]);
    }
  });

  it('tells of memory on the device only after six epochs of growth, for a pool fills before it is steady', () => {
    const watch = new LeakWatch();
    const steady = { tensors: 10, tensorBytes: 100 };
    const sizes = [1e6, 2e6, 3e6, 4e6, 5e6, 6e6, 7e6, 8e6];
    const messages = sizes.map((deviceBytes, i) => watch.mark(i + 1, { ...steady, deviceBytes }));
    expect(messages.map(({ length }) => length)).toEqual([0, 0, 0, 0, 0, 0, 1, 0]);
    expect(messages[6][0]).toMatch(
      /^Memory taken from the GPU keeps growing: 1 MB, .*, 7 MB at .* \(\+1 MB an epoch\)/,
    );
  });
});
