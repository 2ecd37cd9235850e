// Program of a pool's thread: instantiates the kernels over the shared heap and works off chunks until it is terminated.
import { workerData } from 'node:worker_threads';
import { board, readBoard, workOff } from './job-board.ts';
import { instantiateKernels } from './kernel-library.ts';

interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly buffer: SharedArrayBuffer;
  readonly thread: number;
}

/** Looks at the board before going to sleep: a job often follows the last one at once, and waking up costs longer. */
const looks = 2000;

const { module, memory, buffer, thread } = workerData as WorkerData;
const shared = readBoard(buffer);
const { kernels } = instantiateKernels(module, memory, thread);
let seen = 0;
for (;;) {
  let generation = Atomics.load(shared.words, board.generation);
  for (let look = 0; generation === seen && look < looks; look++) {
    generation = Atomics.load(shared.words, board.generation);
  }
  if (generation === seen) {
    Atomics.wait(shared.words, board.generation, seen);
    continue;
  }
  seen = generation;
  workOff(shared, kernels);
}
