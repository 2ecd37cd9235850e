import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import {
  awaitChange,
  board,
  createBoard,
  type JobBoard,
  type Kernel,
  maximumArguments,
  maximumChunks,
  workOff,
} from './job-board.ts';
import { compileKernels, instantiateKernels, type KernelName, kernelNames } from './kernel-library.ts';

/** Beyond this many threads memory, not arithmetic, is the limit of the products of these models. */
const mostThreads = 8;

/** Threads that the engine uses: ALMANAC_THREADS, else one a core, eight at most. */
export function threadCount(setting: string | undefined = process.env['ALMANAC_THREADS']): number {
  const wanted = Number(setting);
  return Number.isInteger(wanted) && wanted >= 1 ? Math.min(wanted, 64) : Math.min(availableParallelism(), mostThreads);
}

/** Where scratch memory comes from: the heap that the kernels work on. */
export interface Heap {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/**
 * Runs kernels of our library on several threads over one heap. The calling thread works too and waits for the rest, so a
 * call is over when it returns. Which thread does what never changes a result: chunks are cut by sizes alone.
 */
export class ThreadPool {
  readonly threads: number;
  readonly #board: JobBoard = createBoard();
  readonly #kernels: readonly Kernel[];
  readonly #workers: readonly Worker[];
  readonly #heap: Heap;
  #job = 0;
  #scratch = { address: 0, bytes: 0 };

  constructor(memory: WebAssembly.Memory, heap: Heap, threads = threadCount()) {
    this.threads = threads;
    this.#heap = heap;
    const module = compileKernels();
    this.#kernels = instantiateKernels(module, memory, 0).kernels;
    const buffer = this.#board.words.buffer;
    this.#workers = Array.from({ length: threads - 1 }, (_, i) => {
      const workerData = { module, memory, buffer, thread: i + 1 };
      const worker = new Worker(new URL('./thread-worker.ts', import.meta.url), { workerData, execArgv: [] });
      // A pool must not keep its process alive. A thread that dies takes no chunk any more; the others do its share.
      worker.unref();
      worker.on('error', () => {});
      return worker;
    });
  }

  /** Does chunks 0 … chunks − 1 of a kernel; `args` follow the chunk. One chunk runs here, without waking anybody. */
  run(name: KernelName, chunks: number, args: readonly number[]): void {
    const index = kernelNames.indexOf(name);
    const kernel = this.#kernels[index];
    if (chunks === 1 || this.threads === 1) {
      for (let chunk = 0; chunk < chunks; chunk++) kernel(chunk, ...args);
      return;
    }
    if (chunks > maximumChunks || args.length > maximumArguments) {
      throw new Error(
        `${name}: expected at most ${maximumChunks} chunks and ${maximumArguments} arguments, received ${chunks} and ${args.length}`,
      );
    }
    const { words, args: shared } = this.#board;
    this.#job = (this.#job + 1) & 0x7fff;
    shared.set(args);
    words[board.kernel] = index;
    Atomics.store(words, board.failed, 0);
    Atomics.store(words, board.done, 0);
    Atomics.store(words, board.total, (this.#job << 16) | chunks);
    Atomics.store(words, board.ticket, this.#job << 16);
    Atomics.add(words, board.generation, 1);
    Atomics.notify(words, board.generation);
    workOff(this.#board, this.#kernels);
    for (let done = Atomics.load(words, board.done); done !== chunks;)
      done = awaitChange(this.#board, board.done, done);
    if (Atomics.load(words, board.failed) !== 0)
      throw new Error(`The kernel ${name} failed: an address was out of bounds`);
  }

  /** Does one chunk in the calling thread. */
  runHere(name: KernelName, chunk: number, args: readonly number[]): void {
    this.#kernels[kernelNames.indexOf(name)](chunk, ...args);
  }

  /** Scratch memory of at least `bytes` for each thread: address and the distance between two threads' parts. */
  scratch(bytes: number): readonly [address: number, bytes: number] {
    if (this.#scratch.bytes < bytes) {
      if (this.#scratch.address !== 0) this.#heap._free(this.#scratch.address);
      const rounded = Math.ceil(bytes / 4096) * 4096;
      this.#scratch = { address: 0, bytes: 0 };
      this.#scratch = { address: this.#heap._malloc(rounded * this.threads) >>> 0, bytes: rounded };
    }
    return [this.#scratch.address, this.#scratch.bytes];
  }

  dispose(): void {
    for (const worker of this.#workers) void worker.terminate();
  }
}
