import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNative, nativeUnavailable } from '#trainer/engines/native/find.ts';
import { type Manifest, nativeHome, readManifest } from '#trainer/engines/native/manifest.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const manifest: Manifest = {
  key: 'k',
  flavour: 'cpu',
  tensorflow: '2.21.0',
  tfjsNode: '4.22.0',
  binding: 'b',
  compiler: 'g++',
  built: '2026-01-01T00:00:00.000Z',
};

function makePackage(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'lib', 'napi-v8'), { recursive: true });
  writeFileSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'), '');
  return folder;
}

describe('findNative', () => {
  it('finds nothing where nothing was built and the package came without its binding, or not at all', () => {
    const home = temporaryFolder();
    expect(findNative(home, undefined)).toBeUndefined();
    expect(findNative(home, temporaryFolder())).toBeUndefined();
    expect(findNative(join(home, 'absent'), undefined)).toBeUndefined();
  });

  it("takes the package's own binding, but sooner one that was built here", () => {
    const home = temporaryFolder();
    const packageFolder = makePackage();
    expect(findNative(home, packageFolder)).toEqual({
      origin: 'installed',
      binding: join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node'),
      scripts: join(packageFolder, 'dist'),
    });
    writeFileSync(join(home, 'manifest.json'), JSON.stringify(manifest));
    expect(readManifest(home)).toBeUndefined();
    writeFileSync(join(home, 'tfjs_binding.node'), '');
    expect(readManifest(home)).toEqual(manifest);
    expect(findNative(home, packageFolder)).toMatchObject({ origin: 'built' });
  });

  it('does not believe a manifest of another kind', () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'tfjs_binding.node'), '');
    for (const text of ['', '{}', '{"key":1}', '[]']) {
      writeFileSync(join(home, 'manifest.json'), text);
      expect(readManifest(home)).toBeUndefined();
    }
  });
});

describe('nativeHome', () => {
  it('lies in the project unless a setting names another folder', () => {
    expect(nativeHome({})).toMatch(/\.native$/);
    expect(nativeHome({ ALMANAC_NATIVE: '/elsewhere' })).toBe('/elsewhere');
  });
});

describe('nativeUnavailable', () => {
  it('names the command that would install it', () => {
    expect(nativeUnavailable('it is not here')).toMatch(/it is not here\. Run "npm run engine:native"/);
  });
});
