import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendRaw } from './wire.ts';

/** A server of the program: where it listens, and the process that answers there. */
export interface Server {
  readonly port: number;
  readonly pid: number;
}

/**
 * Processor time in ms that the thread which answers has used so far. It says how long a server was at work and not how busy the
 * machine is. Read where Linux keeps it; elsewhere 0, so that only the answers are looked at.
 */
function workOf(pid: number): number {
  if (process.platform !== 'linux') return 0;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** Ms of work that this machine has for what takes one millisecond on the machine where the limits were set. */
export function machinePace(): number {
  const text = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ name: `n${i}`, value: i / 7 })));
  const times = Array.from({ length: 5 }, () => {
    const began = process.threadCpuUsage();
    for (let round = 0; round < 5; round++) JSON.parse(text);
    return process.threadCpuUsage(began).user / 1000;
  });
  return Math.max(1, Math.min(...times) / paceThere);
}

/** Ms that the same took there: two cores, AMD EPYC. */
const paceThere = 28;

/**
 * The most that a server worked, in ms, before it answered another client while `attack` was under way. Of several tries
 * the best one counts, for a collection of garbage may fall into one; the first below `enough` ends them.
 */
export async function longestHold(
  { port, pid }: Server,
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
      const before = workOf(pid);
      const { status } = await sendRaw(port, { target: path });
      if (status !== 200) throw new Error(`${path} answered ${status} during an attack`);
      longest = Math.max(longest, workOf(pid) - before);
      await sleep(5);
    } while (!ended);
    await attacking;
    if (failure !== undefined) throw failure;
    best = Math.min(best, longest);
  }
  return best;
}

/** Connections that have sent so much and then say no more; all of them are there when it resolves. */
export async function holdOpen(port: number, count: number, opening: string): Promise<readonly Socket[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await new Promise<void>((done) => {
        socket.once('connect', () => socket.write(opening, () => done()));
        socket.once('close', () => done());
      });
      return socket;
    }),
  );
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
