import { expect, test } from 'vitest';
import { formatBytes } from '#core/bytes.ts';

test.each([
  [999, '999 B'],
  [849_000, '849 kB'],
  [999_700, '1 MB'],
  [2_410_000_000, '2.41 GB'],
])('%s bytes are written %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
