import { expect, test } from 'vitest';
import { trainingDuration } from '#core/estimate/training-time.ts';

const speed = { samplesPerSecond: 1000, scoredPerSecond: 4000, openSeconds: 2 };

test('a training takes its epochs, the scoring after each, and the scoring at the end', () => {
  // 10 full batches of 100, the rest sits out: 1 s; 400 windows scored: 0.1 s; at the end 400 and 200: 0.15 s.
  const duration = trainingDuration({ epochs: 3, batch_size: 100 }, { train: 1090, validation: 400, test: 200 }, speed);
  expect(duration).toEqual({ seconds: 2 + 3 * (1 + 0.1) + 0.15, epochs: 3, steps: 30 });
});

test('fewer samples than a batch are one batch', () => {
  const duration = trainingDuration({ epochs: 1, batch_size: 256 }, { train: 50, validation: 0, test: 0 }, speed);
  expect(duration).toEqual({ seconds: 2.05, epochs: 1, steps: 1 });
});
