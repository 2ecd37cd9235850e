import { expect, it } from 'vitest';
import { MemoryPeak } from '#trainer/process/memory-peak.ts';

const untold = (name: 'native' | 'wasm') => ({ name, peakBytes: () => null });

it('is what the engine counted, where it counts', () => {
  const peak = new MemoryPeak({ name: 'wasm', peakBytes: () => 37e6 });
  peak.add({ rss: 1e9 });
  expect(peak.measured).toEqual({ peak: 37e6, of: 'tensors' });
});

it('is the growth of the memory in use on the GPU at its highest', () => {
  const peak = new MemoryPeak(untold('native'));
  peak.add({ rss: 100 });
  for (const memUsed of [500, 900, 700]) peak.add({ rss: 300, gpu: { memUsed } });
  expect(peak.measured).toEqual({ peak: 400, of: 'gpu' });
});

it('is the growth of the process where the engine works beside an idle GPU, or knows none', () => {
  const beside = new MemoryPeak(untold('native'));
  for (const rss of [100, 350, 200]) beside.add({ rss, gpu: { memUsed: 500 } });
  expect(beside.measured).toEqual({ peak: 250, of: 'process' });
  const without = new MemoryPeak(untold('wasm'));
  for (const rss of [100, 350]) without.add({ rss, gpu: { memUsed: rss } });
  expect(without.measured).toEqual({ peak: 250, of: 'process' });
});
