// Program of a pool's thread: instantiates the kernels over the shared heap and works off chunks until it is terminated.
import { workerData } from 'node:worker_threads';
import { awaitChange, board, readBoard, workOff } from './job-board.ts';
import { instantiateKernels } from './kernel-library.ts';

interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly buffer: SharedArrayBuffer;
  readonly thread: number;
}

const { module, memory, buffer, thread } = workerData as WorkerData;
const shared = readBoard(buffer);
const { kernels } = instantiateKernels(module, memory, thread);
for (let seen = 0; ;) {
  const generation = awaitChange(shared, board.generation, seen);
  if (generation === seen) continue;
  seen = generation;
  workOff(shared, kernels);
}
