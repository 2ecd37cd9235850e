import { z } from 'zod';

/** Schema of a window length in bars of its own timeframe. */
export function period(standard: number, meaning: string, least = 2) {
  return z.int().min(least).max(1000).default(standard).describe(meaning);
}
