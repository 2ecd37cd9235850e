import { setImmediate } from 'node:timers';

/** Most rows that are read, or made into text, in one turn of the event loop: some milliseconds. */
export const rowsATurn = 2000;

const waiting: (() => void)[] = [];

/**
 * Waits for a turn of the event loop. Each turn is given to one who waits, in the order in which they came: whatever is
 * read for many at once, what else the sidecar has to answer comes in between.
 */
export function loopTurn(): Promise<void> {
  return new Promise((begin) => {
    if (waiting.push(begin) === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  const [begin] = waiting;
  begin();
  waiting.shift();
  if (waiting.length > 0) setImmediate(giveTurn);
}
