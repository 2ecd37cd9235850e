import { expect, it } from 'vitest';
import { openGpuReader } from '#trainer/engines/gpu.ts';
import type { GpuReading, OpenGpu } from '#trainer/engines/gpu/reading.ts';

const whole = { util: 37, memUsed: 1, memTotal: 2, temperature: 41, power: 119 };

/** A way that a test leads: it reads what it is given, and gives up when told. */
function way(name: string) {
  let reading: GpuReading | undefined;
  let giveUp: ((why: string) => void) | undefined;
  const opened: OpenGpu = (absent) => {
    giveUp = absent;
    return { latest: () => reading, name: () => reading && name, close: () => undefined };
  };
  return {
    open: opened,
    get isOpen() {
      return giveUp !== undefined;
    },
    read: (next: GpuReading | undefined) => void (reading = next),
    end: (why: string) => giveUp?.(why),
  };
}
const never = (why: string): OpenGpu => {
  return (absent) => {
    absent(why);
    return undefined;
  };
};

it('keeps the first way that reads, and says nothing where nothing is missing', () => {
  const [first, second] = [way('First'), way('Second')];
  const reader = openGpuReader([first.open, second.open]);
  expect([reader.latest(), reader.name(), reader.note()]).toEqual([undefined, undefined, undefined]);
  first.read(whole);
  expect([reader.latest(), reader.name(), reader.note()]).toEqual([whole, 'First', undefined]);
  expect(second.isOpen).toBe(false);
});

it('names what a device does not expose instead of calling it zero', () => {
  const only = way('Apple M2');
  const reader = openGpuReader([only.open]);
  only.read({ util: 1, memUsed: 2 });
  expect(reader.note()).toBe('Apple M2 does not expose total memory, temperature, power.');
  only.read({});
  expect(reader.note()).toMatch(/^Apple M2 does not expose utilisation, memory in use, /);
});

it('goes on to the next way, whether the one before gives up at once or later', () => {
  const [second, third] = [way('Second'), way('Third')];
  const reader = openGpuReader([never('one is not here'), second.open, never('two neither'), third.open]);
  expect(second.isOpen).toBe(true);
  second.end('it has no device');
  expect(third.isOpen).toBe(true);
  third.read(whole);
  expect(reader.name()).toBe('Third');
});

it('says why there is no reading when every way has given up', () => {
  const last = way('Last');
  const reader = openGpuReader([never('nvidia-smi is not installed'), last.open]);
  expect(reader.note()).toBeUndefined();
  last.end('the system lists no AMD card');
  expect(reader.note()).toBe('No GPU can be read: nvidia-smi is not installed; the system lists no AMD card.');
  expect(openGpuReader([never('a'), never('b')]).note()).toBe('No GPU can be read: a; b.');
});

it('chooses once: a way that has read and ends is not followed by another', () => {
  const [first, second] = [way('First'), way('Second')];
  const reader = openGpuReader([first.open, second.open]);
  first.read(whole);
  expect(reader.latest()).toEqual(whole);
  first.read(undefined);
  first.end('nvidia-smi ended');
  expect([second.isOpen, reader.latest(), reader.note()]).toEqual([
    false,
    undefined,
    'The GPU is no longer read: nvidia-smi ended.',
  ]);
});
