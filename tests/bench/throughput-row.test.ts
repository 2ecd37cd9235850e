import { expect, it } from 'vitest';
import type { About } from './measurer.ts';
import { type Series, throughputRows } from './throughput-row.ts';
import { describeKernels, describeRatio } from './throughput-text.ts';

const about: About = { parameters: 10, differences: {}, version: 'TensorFlow.js 4', device: 'WASM, 1 thread', how: '' };
const wasm: Series = { name: 'wasm', about, rates: [100, 200, 300] };
const native: Series = { name: 'native', about, rates: [400, 400, 400] };
const pytorch: Series = {
  name: 'pytorch',
  about: {
    parameters: 12,
    differences: { 'second bias': 2 },
    version: 'PyTorch 2',
    device: 'CPU, 2 threads',
    how: 'eager',
  },
  rates: [200, 400, 400],
};
const keras: Series = { ...pytorch, name: 'keras', rates: [100, 100, 100] };
const job = { model: 'lstm', variant: 'base', batch: 256 };

it('sets every engine beside every peer', () => {
  const rows = throughputRows(job, [wasm, native], [pytorch, keras]);
  expect(rows.map(({ engine, peer, ratio }) => [engine, peer, ratio])).toEqual([
    ['wasm', 'pytorch', 0.5],
    ['wasm', 'keras', 2],
    ['native', 'pytorch', 1],
    ['native', 'keras', 4],
  ]);
  expect(rows[0]).toMatchObject({
    samplesPerSecond: 200,
    peerSamplesPerSecond: 400,
    spread: { ratio: { median: 0.5, min: 0.5, max: 0.75 } },
    repeats: 3,
    peerDifferences: { 'second bias': 2 },
  });
});

it('says a ratio with its spread, and what the peer has more', () => {
  const [row] = throughputRows(job, [wasm], [pytorch]);
  expect(describeRatio(row)?.trim()).toMatch(
    /^wasm \/ pytorch +0\.50 \(0\.50 to 0\.75\); pytorch has 2 more: second bias$/,
  );
});

it('leaves the peer null where there is none', () => {
  const [row] = throughputRows(job, [wasm], [], { ...wasm, name: 'shipped', rates: [20] });
  expect(row).toMatchObject({ peer: null, peerSamplesPerSecond: null, ratio: null, shippedSamplesPerSecond: 20 });
  expect(describeRatio(row)).toBeUndefined();
});

it('gives what no kernel used its own line, so that the shares of a profile sum to the step', () => {
  const kernels = [
    { name: 'Add', callsPerStep: 3, msPerStep: 2.5 },
    { name: 'BatchMatMul', callsPerStep: 8, msPerStep: 5 },
  ];
  const lines = describeKernels(100, { samplesPerSecond: 10_000, steps: 7, loss: 1, kernels }).split('\n');
  expect(lines[0]).toContain('10.00 ms');
  expect(lines.slice(2).map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['BatchMatMul', '8', '5.000', '50.0 %'],
    ['Add', '3', '2.500', '25.0 %'],
    ['outside kernels', '2.500', '25.0 %'],
  ]);
});
