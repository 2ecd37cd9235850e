/** Number of the thread that this instance runs on: it picks its part of scratch memory. Each thread has an instance. */
let thread: usize = 0;

export function setThread(index: usize): void {
  thread = index;
}

/** This thread's part of `base`, of `size` bytes a thread. */
// @ts-ignore: decorator
@inline export function ownScratch(base: usize, size: usize): usize {
  return base + thread * size;
}
