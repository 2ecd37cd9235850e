import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  identifyProcess,
  isProcessAlive,
  parseProcStat,
  processTable,
  signalProcess,
} from '#trainer/run-folder/process-identity.ts';

function sleeper() {
  const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const stat = (command: string, state: string, start: number) =>
  `42 (${command}) ${state} 1 42 42 0 -1 4194304 100 0 0 0 5 3 0 0 20 0 1 0 ${start} 1000 10 18446744073709551615 1 1`;

describe('process identity', () => {
  it('reads the start from field 22 whatever the command is called', () => {
    expect(parseProcStat(stat('node', 'S', 777))).toBe(777);
    expect(parseProcStat(stat('a) Z 1 (b', 'R', 778))).toBe(778);
  });

  it('counts a zombie and a dead process as none', () => {
    expect(parseProcStat(stat('node', 'Z', 777))).toBeNull();
    expect(parseProcStat(stat('node', 'X', 777))).toBeNull();
    expect(parseProcStat('')).toBeNull();
  });

  it('knows this process, and the same one again', () => {
    const me = identifyProcess();
    expect(me?.pid).toBe(process.pid);
    expect(me && isProcessAlive(me)).toBe(true);
  });

  it('takes a reused pid and another boot for other processes, and leaves the stranger untouched', async () => {
    const child = sleeper();
    await once(child, 'spawn');
    const identity = identifyProcess(child.pid);
    if (!identity) throw new Error('the sleeping child has no identity');
    const reused = { ...identity, startTicks: identity.startTicks - 1 };
    const rebooted = { ...identity, bootId: 'another boot' };
    expect(isProcessAlive(reused)).toBe(false);
    expect(isProcessAlive(rebooted)).toBe(false);
    expect(signalProcess(reused, 'SIGKILL')).toBe(false);
    expect(signalProcess(rebooted, 'SIGKILL', { group: true })).toBe(false);
    expect(isProcessAlive(identity)).toBe(true);
    expect(signalProcess(identity, 'SIGKILL', { group: true })).toBe(true);
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    expect(isProcessAlive(identity)).toBe(false);
    expect(identifyProcess(child.pid)).toBeNull();
  });

  it('says that a process is gone where the table has none', () => {
    const table = { ...processTable, startTicks: () => null };
    expect(identifyProcess(process.pid, table)).toBeNull();
  });
});
