import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireLock, findLockHolder, readLock } from '#trainer/run-folder/lock-file.ts';
import { identifyProcess, type ProcessTable, processTable } from '#trainer/run-folder/process-identity.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

/** A table in which this process has begun at another time: stands for another process with the same pid. */
const startedAt = (start: number, others: Record<number, number> = {}): ProcessTable => ({
  bootId: processTable.bootId,
  startTicks: (pid) => (pid === process.pid ? start : (others[pid] ?? null)),
});

describe('a lock file', () => {
  it('is taken once while its owner lives', () => {
    const path = join(temporaryFolder(), 'attempt-1.lock');
    const first = acquireLock(path, 'n1');
    expect(first).toMatchObject({ held: { record: { pid: process.pid, nonce: 'n1' } } });
    expect(acquireLock(path, 'n2')).toMatchObject({ lostTo: { nonce: 'n1' } });
    expect(findLockHolder(path)?.nonce).toBe('n1');
  });

  it('is taken over after the proof of death, and the chain names the newest owner', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'attempt-1.lock');
    for (const [start, nonce] of [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ] as const) {
      expect(acquireLock(path, nonce, { table: startedAt(start) })).toMatchObject({ held: { record: { nonce } } });
      expect(readLock(path)?.nonce).toBe(nonce);
    }
    // Of the dead the last alone stays, so that numbers go on.
    expect(readdirSync(folder).sort()).toEqual(['attempt-1.1.lock', 'attempt-1.2.lock']);
    expect(findLockHolder(path, startedAt(4))).toBeNull();
  });

  it('never takes a reused pid for its owner', async () => {
    const path = join(temporaryFolder(), 'x.lock');
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const stranger = identifyProcess(child.pid);
    writeFileSync(path, JSON.stringify({ ...stranger, startTicks: 1, nonce: 'old', at: '' }));
    expect(acquireLock(path, 'new')).toMatchObject({ held: {} });
    expect(child.exitCode).toBeNull();
  });

  it('takes an unreadable file for one without an owner, and another family for none of its own', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'attempt-1.lock'), '');
    writeFileSync(join(folder, 'attempt-10.lock'), 'x');
    writeFileSync(join(folder, 'attempt-1.x.lock'), 'x');
    expect(readLock(join(folder, 'attempt-1.lock'))).toBeNull();
    expect(acquireLock(join(folder, 'attempt-1.lock'), 'n')).toMatchObject({ held: {} });
    expect(readdirSync(folder)).toContain('attempt-1.1.lock');
  });

  it('takes a folder, a pipe or a dead link in its place for one without an owner', () => {
    const folder = temporaryFolder();
    const path = (name: string) => join(folder, name);
    mkdirSync(path('x.lock'));
    if (process.platform !== 'win32') spawnSync('mkfifo', [path('x.1.lock')]);
    symlinkSync(path('nowhere'), path('x.2.lock'));
    expect(acquireLock(path('x.lock'), 'n')).toMatchObject({ held: {} });
    expect(readLock(path('x.lock'))?.nonce).toBe('n');
    // What is no lock at all is not ours to remove.
    expect(readdirSync(folder).sort()).toEqual(['x.2.lock', 'x.3.lock', 'x.lock']);
  });

  it('is free again when released', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'x.lock');
    const first = acquireLock(path, 'a');
    if (!('held' in first)) throw new Error('lost');
    first.held.release();
    expect(readLock(path)).toBeNull();
    expect(acquireLock(path, 'b')).toMatchObject({ held: {} });
  });

  it('has exactly one owner when many processes start at once on a stale one', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'attempt-1.lock');
    acquireLock(path, 'dead', { table: startedAt(1) });
    const script = `
      import { acquireLock } from '#trainer/run-folder/lock-file.ts';
      const result = acquireLock(process.argv[1], String(process.pid));
      process.stdout.write('held' in result ? 'held ' : 'lost ');
      setTimeout(() => {}, 60_000);`;
    const children = Array.from({ length: 8 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    onTestFinished(() => children.forEach((child) => child.kill('SIGKILL')));
    const answers = await Promise.all(
      children.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim()),
    );
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
    expect(readdirSync(folder).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });
});
