import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendRaw } from './wire.ts';

/**
 * The longest that a server let another client wait, in ms, while `attack` was under way. A machine that is busy
 * elsewhere waits too: of several tries the best one counts, and stops at the first below `enough`.
 */
export async function longestWait(
  port: number,
  path: string,
  enough: number,
  attack: () => Promise<void>,
): Promise<number> {
  let best = Infinity;
  for (let attempt = 0; attempt < 3 && best > enough; attempt++) {
    let ended = false;
    let longest = 0;
    let failure: unknown;
    const attacking = attack()
      .catch((error: unknown) => (failure = error))
      .finally(() => (ended = true));
    do {
      const began = performance.now();
      const { status } = await sendRaw(port, { target: path }, 30_000);
      if (status !== 200) throw new Error(`${path} answered ${status} during an attack`);
      longest = Math.max(longest, performance.now() - began);
      await sleep(5);
    } while (!ended);
    await attacking;
    if (failure !== undefined) throw failure;
    best = Math.min(best, longest);
  }
  return best;
}

/** Connections that have sent so much and then say no more. */
export function holdOpen(port: number, count: number, opening: string): readonly Socket[] {
  return Array.from({ length: count }, () => {
    const socket = connect(port, '127.0.0.1', () => socket.write(opening));
    socket.on('error', () => undefined);
    return socket;
  });
}

/** Opens a connection, sends the bytes, waits a moment and resets it. */
export async function sendAndReset(port: number, bytes: string, afterMs = 0): Promise<void> {
  await new Promise<void>((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes, () => {
        if (afterMs === 0) socket.resetAndDestroy();
        else setTimeout(() => socket.resetAndDestroy(), afterMs);
      });
    });
    socket.on('error', () => undefined);
    socket.on('close', () => done());
  });
}
