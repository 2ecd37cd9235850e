/**
 * What the threads of a pool share beside the heap: one job at a time, cut into chunks that threads take as they come.
 *
 * `ticket` holds the job's number in its upper and the next chunk in its lower 16 bits, `total` the same number and the
 * count of chunks. A thread that was late takes a ticket of a job that is over, sees that the numbers differ, and leaves.
 */
export const board = { ticket: 0, total: 1, done: 2, generation: 3, kernel: 4, failed: 5, words: 8 } as const;

/** Most arguments of a kernel after its chunk. They travel as float64: addresses up to 4 GiB are exact. */
export const maximumArguments = 24;
export const maximumChunks = 0x7fff;

export interface JobBoard {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly args: Float64Array<SharedArrayBuffer>;
}

export function createBoard(): JobBoard {
  return readBoard(new SharedArrayBuffer(4 * board.words + 8 * maximumArguments));
}

export function readBoard(buffer: SharedArrayBuffer): JobBoard {
  return { words: new Int32Array(buffer, 0, board.words), args: new Float64Array(buffer, 4 * board.words) };
}

/** A kernel of the library: chunk first, then addresses (bytes), sizes and scalars. */
export type Kernel = (chunk: number, ...args: number[]) => void;

/** Takes chunks of the job on the board and works them off until none is left. */
export function workOff({ words, args }: JobBoard, kernels: readonly Kernel[]): void {
  for (;;) {
    const ticket = Atomics.add(words, board.ticket, 1);
    const total = Atomics.load(words, board.total);
    if (ticket >>> 16 !== total >>> 16 || (ticket & 0xffff) >= (total & 0xffff)) return;
    const kernel = kernels[words[board.kernel]];
    try {
      kernel(ticket & 0xffff, ...args);
    } catch {
      // A trap (an address out of bounds) in any thread is an error of the whole job; the caller throws.
      Atomics.store(words, board.failed, 1);
    }
    // The last one wakes whoever waits for the job.
    if (Atomics.add(words, board.done, 1) + 1 === (total & 0xffff)) Atomics.notify(words, board.done);
  }
}

/** Checks the board some times before sleeping: the awaited change often comes at once, and waking up takes longer. */
const looks = 4000;

/**
 * Waits until `word` of the board differs from `seen`, and returns its value. After a short while it sleeps, so that
 * waiting takes no processor time from others.
 */
export function awaitChange({ words }: JobBoard, word: number, seen: number): number {
  for (let look = 0; look < looks; look++) {
    const value = Atomics.load(words, word);
    if (value !== seen) return value;
  }
  Atomics.wait(words, word, seen);
  return Atomics.load(words, word);
}
