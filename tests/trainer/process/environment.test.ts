import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeEnvironment, findCommit, findEngine } from '#trainer/process/environment.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

describe('the environment of a run', () => {
  it('names program, engine and packages', () => {
    const engine = { name: 'wasm', device: 'WASM SIMD, 1 thread', version: '4.22.0', dispose: () => {} } as const;
    expect(describeEnvironment(2, engine)).toMatchObject({
      attempt: 2,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      engine: 'wasm',
      device: 'WASM SIMD, 1 thread',
      node: process.version,
      packages: { '@tensorflow/tfjs-core': expect.any(String), '@tensorflow/tfjs-backend-wasm': expect.any(String) },
    });
  });

  it('reads the commit of a branch, of packed branches and of a detached head, and says null elsewhere', () => {
    const folder = temporaryFolder();
    expect(findCommit(folder)).toBeNull();
    mkdirSync(join(folder, '.git', 'refs', 'heads'), { recursive: true });
    writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    expect(findCommit(folder)).toBeNull();
    writeFileSync(join(folder, '.git', 'packed-refs'), `# pack-refs\n${commit} refs/heads/main\n`);
    expect(findCommit(folder)).toBe(commit);
    writeFileSync(join(folder, '.git', 'refs', 'heads', 'main'), `${commit.replace('0', 'f')}\n`);
    expect(findCommit(folder)).toBe(commit.replace('0', 'f'));
    writeFileSync(join(folder, '.git', 'HEAD'), `${commit}\n`);
    expect(findCommit(folder)).toBe(commit);
  });

  it('remembers the engine of the attempt before', () => {
    const path = join(temporaryFolder(), 'environment.json');
    expect(findEngine(path)).toBeNull();
    writeFileSync(path, '{"engine":"native"}');
    expect(findEngine(path)).toBe('native');
    writeFileSync(path, '{');
    expect(findEngine(path)).toBeNull();
  });
});
