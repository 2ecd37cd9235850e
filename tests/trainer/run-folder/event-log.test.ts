import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventSchema, type RunEvent } from '#core/run/event.ts';
import { logDisk, openEventLog } from '#trainer/run-folder/event-log.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const log = (message: string) => ({ type: 'log', level: 'info', message }) as const;
const events = (path: string): RunEvent[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => eventSchema.parse(JSON.parse(line)));

function written(messages: readonly string[]) {
  const path = join(temporaryFolder(), 'events.jsonl');
  const writer = openEventLog(path, 1);
  for (const message of messages) writer.append(log(message));
  writer.close();
  return path;
}

const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

describe('the event log', () => {
  it('numbers events from 1 without gaps, over attempts', () => {
    const path = written(['a', 'b']);
    const second = openEventLog(path, 2);
    expect(second.last).toMatchObject({ seq: 2, message: 'b' });
    expect(second.append(log('c'))).toMatchObject({ seq: 3, attempt: 2 });
    second.close();
    expect(events(path).map(({ seq, attempt }) => [seq, attempt])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ]);
    expect(() => second.append(log('late'))).toThrow('closed');
  });

  it('goes on rightly when cut at every byte of the last three records', () => {
    const messages = ['first', 'zweite ü', 'third 🙂', 'fourth', 'fifth'];
    const whole = readFileSync(written(messages));
    const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
    for (let cut = ends[1]; cut <= whole.length; cut++) {
      const path = written(messages);
      truncateSync(path, cut);
      const kept = ends.filter((end) => end <= cut).length;
      const writer = openEventLog(path, 2);
      writer.append(log('next'));
      writer.close();
      const after = events(path);
      expect(after.map((event) => event.seq)).toEqual(Array.from({ length: kept + 1 }, (_, i) => i + 1));
      expect(after.slice(0, -1).map((event) => event.type === 'log' && event.message)).toEqual(messages.slice(0, kept));
    }
  });

  it('cuts a torn tail of NULs and keeps damaged whole lines, which readers have counted', () => {
    const path = written(['a', 'b']);
    appendFileSync(path, '{"seq":3,"at":"broken\n');
    appendFileSync(path, Buffer.alloc(5000));
    const writer = openEventLog(path, 1);
    expect(writer.append(log('c')).seq).toBe(3);
    writer.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, 9))).toEqual(['{"seq":1,', '{"seq":2,', '{"seq":3,', '{"seq":3,']);
  });

  it('finds its tail behind lines longer than its block, torn, damaged or sound', () => {
    for (const tail of ['x'.repeat(300_000), `${'x'.repeat(300_000)}\n`, `${'x'.repeat(5_000_000)}\n{"se`]) {
      const path = written(['a', 'b'.repeat(16_000), 'c']);
      appendFileSync(path, tail);
      const writer = openEventLog(path, 1);
      expect(writer.append(log('d')).seq).toBe(4);
      writer.close();
    }
    const path = join(temporaryFolder(), 'events.jsonl');
    writeFileSync(path, 'torn'.repeat(40_000));
    const writer = openEventLog(path, 1);
    expect(writer.lastSeq).toBe(0);
    writer.append(log('a'));
    writer.close();
    expect(events(path)).toHaveLength(1);
  });

  it('goes on after an event of a type it does not know', () => {
    const path = written(['a']);
    appendFileSync(path, '{"seq":2,"at":"","attempt":1,"type":"new"}\n');
    const writer = openEventLog(path, 1);
    expect([writer.lastSeq, writer.last]).toEqual([2, null]);
    expect(writer.append(log('b')).seq).toBe(3);
    writer.close();
  });

  it('writes whole lines through short writes', () => {
    const path = join(temporaryFolder(), 'events.jsonl');
    const disk: typeof logDisk = {
      ...logDisk,
      write: (descriptor, bytes, offset) => logDisk.write(descriptor, bytes.subarray(0, offset + 7), offset),
    };
    const writer = openEventLog(path, 1, { disk });
    writer.append(log('a long enough message'));
    writer.append(log('and another'));
    writer.close();
    expect(events(path).map((event) => event.seq)).toEqual([1, 2]);
  });

  it('takes back a line that the full disk cut, and goes on when there is space again', () => {
    const path = join(temporaryFolder(), 'events.jsonl');
    let space = Infinity;
    const disk: typeof logDisk = {
      ...logDisk,
      write(descriptor, bytes, offset) {
        if (space <= 0) throw full;
        const count = logDisk.write(descriptor, bytes.subarray(0, Math.min(bytes.length, offset + space)), offset);
        space -= count;
        return count;
      },
    };
    const writer = openEventLog(path, 1, { disk });
    writer.append(log('a'));
    const size = statSync(path).size;
    space = 20;
    expect(() => writer.append(log('b'))).toThrow('no space');
    expect(statSync(path).size).toBe(size);
    space = Infinity;
    expect(writer.append(log('c')).seq).toBe(2);
    writer.close();
    expect(events(path)).toHaveLength(2);
  });

  it('never syncs again after a failed sync', () => {
    let syncs = 0;
    const disk: typeof logDisk = {
      ...logDisk,
      sync() {
        syncs++;
        throw Object.assign(new Error('input/output error'), { code: 'EIO' });
      },
    };
    const writer = openEventLog(join(temporaryFolder(), 'events.jsonl'), 1, { disk, syncEvery: 0 });
    writer.append(log('a'));
    expect(() => writer.sync()).toThrow('input/output');
    expect(() => writer.sync()).toThrow('input/output');
    expect(() => writer.append(log('b'))).toThrow('input/output');
    expect(syncs).toBe(1);
  });

  it('shortens what would not fit a line', () => {
    const path = written(['x'.repeat(3_000_000)]);
    expect(statSync(path).size).toBeLessThan(20_000);
    expect(events(path)[0]).toMatchObject({ message: expect.stringMatching(/\(cut\)$/) });
  });
});
