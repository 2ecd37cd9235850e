import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { exitStatus } from '#trainer/exit-status.ts';
import type { BackOff } from '#trainer/starter/back-off.ts';
import { KeptProgram } from '#trainer/starter/kept-program.ts';

const forever = 'setInterval(() => {}, 1000)';

interface Kept {
  readonly program: KeptProgram;
  readonly children: ChildProcess[];
  readonly said: string[];
  readonly gaveUp: number[];
}

/** A program that runs `scripts` one after the other, the last again and again; it serves once it has printed. */
function keep(
  scripts: readonly string[],
  options: { readonly serves?: () => boolean; readonly waitsForCode?: boolean; readonly tries?: number } = {},
): Kept {
  const { serves = () => true, waitsForCode, tries = Infinity } = options;
  const kept = { children: [] as ChildProcess[], said: [] as string[], gaveUp: [] as number[] };
  let ends = 0;
  const program = new KeptProgram({
    title: 'the page',
    spawn: () => {
      const script = scripts[Math.min(kept.children.length, scripts.length - 1)];
      const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
      kept.children.push(child);
      return child;
    },
    isServing: async () => serves(),
    say: (sentence) => kept.said.push(sentence),
    gaveUp: (status) => kept.gaveUp.push(status),
    waitsForCode,
    backOff: { next: () => (++ends > tries ? null : 1) } as unknown as BackOff,
  });
  onTestFinished(() => program.stop());
  return { program, ...kept };
}

const last = ({ children }: Kept) => children[children.length - 1];

test('a program that is killed, crashes or ends is started again, and each is said', async () => {
  const kept = keep([forever]);
  expect(await kept.program.start()).toBe(true);
  for (const [count, signal] of [
    [1, 'SIGKILL'],
    [2, 'SIGSEGV'],
    [3, 'SIGTERM'],
  ] as const) {
    const child = last(kept);
    child.kill(signal);
    await once(child, 'exit');
    await expect.poll(() => kept.children.length).toBe(count + 1);
  }
  expect(kept.said).toEqual(
    ['SIGKILL', 'SIGSEGV', 'SIGTERM'].map((signal) => `the page ended (${signal}); starting it again.`),
  );
  expect(kept.gaveUp).toEqual([]);
});

test('one that fails once it has served is tried again, and given up where the tries are used up', async () => {
  const kept = keep([forever, 'process.exit(1)'], { tries: 3 });
  await kept.program.start();
  last(kept).kill('SIGKILL');
  await expect.poll(() => kept.gaveUp).toEqual([exitStatus.gaveUp]);
  expect(kept.children).toHaveLength(4);
  expect(kept.said.at(-1)).toBe('the page ended again and again (at last code 1). The lines above say why.');
});

test('one that fails before it ever served is given up at once, with the status it ended with', async () => {
  const silent = keep([`process.exit(${exitStatus.taken})`], { serves: () => false });
  expect(await silent.program.start()).toBe(false);
  // It has said its sentence itself.
  expect([silent.gaveUp, silent.said]).toEqual([[exitStatus.taken], []]);
  const crashed = keep(['process.exit(1)'], { serves: () => false });
  expect(await crashed.program.start()).toBe(false);
  expect(crashed.gaveUp).toEqual([exitStatus.gaveUp]);
  expect(crashed.said).toEqual(['the page did not start (code 1). The lines above say why.']);
});

test('a status that another try cannot mend ends the tries of one that has served', async () => {
  const kept = keep([forever, `process.exit(${exitStatus.noPermission})`]);
  await kept.program.start();
  last(kept).kill('SIGKILL');
  await expect.poll(() => kept.gaveUp).toEqual([exitStatus.noPermission]);
  expect(kept.children).toHaveLength(2);
});

test('a program that is killed before it first serves is started again', async () => {
  const kept = keep([forever], { serves: () => kept.children.length > 1 });
  const serving = kept.program.start();
  kept.children[0].kill('SIGKILL');
  expect(await serving).toBe(true);
});

test('a program that cannot be spawned counts as ended', async () => {
  const said: string[] = [];
  const gaveUp: number[] = [];
  const program = new KeptProgram({
    title: 'the page',
    spawn: () => spawn('/nowhere/node', [], { stdio: 'ignore' }),
    isServing: async () => false,
    say: (sentence) => said.push(sentence),
    gaveUp: (status) => gaveUp.push(status),
    backOff: { next: () => (said.length > 0 ? null : 1) } as unknown as BackOff,
  });
  expect(await program.start()).toBe(false);
  expect(gaveUp).toEqual([exitStatus.gaveUp]);
  expect(said[0]).toBe('the page ended (spawn /nowhere/node ENOENT); starting it again.');
});

test('code that is being written: an error is waited out until the code changes, and a change starts it anew', async () => {
  const kept = keep([forever, 'process.exit(1)', forever], { waitsForCode: true });
  await kept.program.start();
  kept.program.renew();
  await expect.poll(() => kept.said).toEqual(['the page ended (code 1); it starts again when its code changes.']);
  kept.program.renew();
  await expect.poll(() => kept.children.length).toBe(3);
  expect(last(kept).exitCode).toBeNull();
});

test('a stop ends it for good, and nothing is said of an end that the stop overtakes', async () => {
  const kept = keep([forever]);
  await kept.program.start();
  // As a terminal signals all its processes at once.
  last(kept).kill('SIGINT');
  await kept.program.stop();
  expect(kept.children).toHaveLength(1);
  expect([kept.said, kept.gaveUp]).toEqual([[], []]);
  expect(last(kept).signalCode).not.toBeNull();
});
