// Program: measures one job on one engine and prints a line of JSON. A process of its own, so that `shipped` (tfjs' wasm
// backend without our kernels) and `wasm` (with them) never share a registry or a heap.
import * as tf from '@tensorflow/tfjs-core';
import { engines } from '#core/config/train.ts';
import { openEngine } from '#trainer/ml/engine/open.ts';
import { type Job, measureThroughput } from './throughput.ts';

const [engine, job] = process.argv.slice(2);
if (engine === 'shipped') {
  await import('@tensorflow/tfjs-layers');
  await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  await tf.ready();
} else {
  const name = engines.find((known) => known === engine);
  if (name === undefined) throw new Error(`Expected shipped or one of ${engines.join(', ')}, received ${engine}`);
  await openEngine(name);
}
const throughput = await measureThroughput(JSON.parse(job) as Job);
process.stdout.write(`\n${JSON.stringify(throughput)}\n`, () => process.exit(0));
