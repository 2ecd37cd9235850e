import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bringLibrary, mainLibrary } from '#trainer/native/library.ts';
import { runCommand } from '#trainer/native/command.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const text = (value: string) => new TextEncoder().encode(value);
const metadata = 'Metadata-Version: 2.1\nName: tensorflow_cpu\nVersion: 2.21.0\n';
const contents: Record<string, string> = {
  'tensorflow/libtensorflow_cc.so.2': 'main '.repeat(1000),
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/include/tensorflow/c/eager/c_api.h': 'header',
  'tensorflow/include/Eigen/Core': 'not wanted',
  'tensorflow/python/big.py': 'not wanted',
  'tensorflow_cpu-2.21.0.dist-info/METADATA': metadata,
};

function makeWheel(folder: string, files = contents): string {
  const path = join(folder, 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl');
  writeFileSync(path, zipSync(Object.fromEntries(Object.entries(files).map(([name, value]) => [name, text(value)]))));
  return path;
}

function bring(from: string, home: string): ReturnType<typeof bringLibrary> {
  return bringLibrary({ home, flavour: null, version: '2.21.0', from, force: false }, 'cpu', home, () => {});
}

describe('bringLibrary', () => {
  it('unpacks of a wheel what the binding needs, and nothing else', async () => {
    const home = temporaryFolder();
    expect(await bring(makeWheel(home), home)).toMatchObject({ flavour: 'cpu', version: '2.21.0' });
    const folder = join(home, 'tensorflow');
    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    expect(read('lib/libtensorflow_cc.so.2')).toBe(contents['tensorflow/libtensorflow_cc.so.2']);
    expect(read('include/tensorflow/c/eager/c_api.h')).toBe('header');
    expect(() => read('include/Eigen/Core')).toThrow();
    expect(() => read('python/big.py')).toThrow();
  });

  it('links to a folder, and takes an archive', async () => {
    const home = temporaryFolder();
    const from = join(temporaryFolder(), 'libtensorflow');
    mkdirSync(join(from, 'lib'), { recursive: true });
    mkdirSync(join(from, 'include', 'tensorflow', 'c', 'eager'), { recursive: true });
    writeFileSync(join(from, 'lib', 'libtensorflow.so.2'), 'main');
    writeFileSync(join(from, 'lib', 'libtensorflow_framework.so.2'), 'framework');
    writeFileSync(join(from, 'include', 'tensorflow', 'c', 'eager', 'c_api.h'), 'header');
    expect(await bring(from, home)).toMatchObject({ flavour: 'cpu', version: null });
    expect(mainLibrary(join(home, 'tensorflow'))).toMatch(/libtensorflow\.so\.2$/);

    const archive = join(home, 'libtensorflow.tar.gz');
    expect((await runCommand('tar', ['-czf', archive, '-C', from, 'lib', 'include']))?.code).toBe(0);
    const other = temporaryFolder();
    await bring(archive, other);
    expect(readFileSync(join(other, 'tensorflow', 'lib', 'libtensorflow.so.2'), 'utf8')).toBe('main');

    truncateSync(archive, 60);
    await expect(bring(archive, temporaryFolder())).rejects.toThrow(/is truncated or is no archive/);
  });

  it('refuses what is not there, and a folder without TensorFlow', async () => {
    const home = temporaryFolder();
    await expect(bring(join(home, 'absent'), home)).rejects.toThrow(/--from: there is nothing at/);
    const empty = join(home, 'empty');
    mkdirSync(join(empty, 'lib'), { recursive: true });
    mkdirSync(join(empty, 'include'));
    await expect(bring(empty, home)).rejects.toThrow(/expected libtensorflow_cc\.so\.2 or .* in lib, found nothing/);
  });

  it('refuses a truncated wheel, and one of something else', async () => {
    const home = temporaryFolder();
    const wheel = makeWheel(home);
    truncateSync(wheel, 300);
    await expect(bring(wheel, home)).rejects.toThrow(/is truncated or is no wheel/);
    const other = makeWheel(home, { 'numpy-2.dist-info/METADATA': 'Name: numpy\nVersion: 2.0\n' });
    await expect(bring(other, home)).rejects.toThrow(/is a wheel of numpy, expected one of tensorflow/);
    const bare = makeWheel(home, { 'a/METADATA': metadata });
    await expect(bring(bare, home)).rejects.toThrow(/is no wheel: it has no METADATA/);
    const { 'tensorflow/libtensorflow_framework.so.2': _framework, ...rest } = contents;
    await expect(bring(makeWheel(home, rest), home)).rejects.toThrow(/lacks libtensorflow_framework/);
  });
});
