import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { exitStatus, exitStatusOf } from '#trainer/exit-status.ts';
import { prepareHome } from '#trainer/home.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof files>();
  return { ...real, statfs: vi.fn(real.statfs) };
});

const refusalOf = (home: string) =>
  prepareHome(home).then(
    () => {
      throw new Error('it was not refused');
    },
    (error: Error) => ({ message: error.message, status: exitStatusOf(error) }),
  );

test('a home is made with the examples; one with notebooks is left as it is', async () => {
  const home = join(temporaryFolder(), 'a', 'home');
  await prepareHome(home);
  expect(readdirSync(home).sort()).toEqual(['notebooks', 'runs']);
  expect(readdirSync(join(home, 'notebooks'))).toContain('first-run.md');
  const own = temporaryFolder();
  mkdirSync(join(own, 'notebooks', 'mine'), { recursive: true });
  await prepareHome(own);
  expect(readdirSync(join(own, 'notebooks'))).toEqual(['mine']);
});

test('a home that is a file, or whose runs folder is one, is refused in a sentence', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const file = await refusalOf(join(folder, 'file'));
  expect(file.message).toMatch(/^ALMANAC_HOME is .*file, which leads through a file .*set another ALMANAC_HOME\.$/);
  expect(file.status).toBe(exitStatus.cannotWrite);
  const home = temporaryFolder();
  writeFileSync(join(home, 'runs'), '');
  expect(await refusalOf(home)).toMatchObject({ status: exitStatus.cannotWrite });
  const linked = temporaryFolder();
  symlinkSync(join(linked, 'nowhere'), join(linked, 'runs'));
  expect((await refusalOf(linked)).message).toContain(`cannot hold ${join(linked, 'runs')}`);
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a home of somebody else is refused (skipped for the super-user, who may write everything)',
  async () => {
    const home = temporaryFolder();
    chmodSync(home, 0o555);
    const { message, status } = await refusalOf(home);
    chmodSync(home, 0o755);
    expect(message).toContain("is not this user's to write");
    expect(status).toBe(exitStatus.noPermission);
  },
);

test.skipIf(process.platform !== 'linux')(
  'a file system without room for names is refused, not tried for ever',
  async () => {
    expect((await refusalOf('/proc')).message).toContain('cannot hold /proc/notebooks');
  },
);

test('a home on a network file system is a wrong setting', async () => {
  vi.mocked(files.statfs).mockResolvedValueOnce({ type: 0x6969 } as Awaited<ReturnType<typeof files.statfs>>);
  const { message, status } = await refusalOf(join(temporaryFolder(), 'home'));
  expect(message).toContain('lies on a network file system');
  expect(status).toBe(exitStatus.config);
});
