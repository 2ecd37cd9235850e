import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nativeFiles, nativeHome, readManifest } from '#trainer/engines/native/manifest.ts';
import { probeEngine } from '#trainer/engine-choice/probe.ts';
import { buildNative } from '#trainer/native/build.ts';
import { definedFunctions, usedFunctions } from '#trainer/native/symbols.ts';
import { parseOptions } from '#trainer/native/options.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const built = nativeHome();
const { version: defaultVersion } = parseOptions([], built);

describe('the build', () => {
  it('left a manifest of what it built', () => {
    const manifest = readManifest(built);
    expect(manifest).toMatchObject({ flavour: 'cpu', tensorflow: defaultVersion, tfjsNode: '4.22.0' });
  });

  it('is not done again where it is done', async () => {
    const lines: string[] = [];
    const options = { home: built, flavour: 'cpu', version: defaultVersion, from: null, force: false } as const;
    const manifest = await buildNative(options, (stage, text) => lines.push(`${stage}: ${text}`));
    expect(manifest).toEqual(readManifest(built));
    expect(lines.at(-1)).toBe('binding: is there already');
  });

  it('gives an engine that passes its probe and names the library and the device', async () => {
    const report = await probeEngine('native');
    expect(report?.reason).toBeUndefined();
    expect(report?.device).toMatch(new RegExp(`^TensorFlow ${defaultVersion}, `));
    expect(report?.measured?.samplesPerSecond).toBeGreaterThan(0);
  });

  it('has every C function that it calls', async () => {
    const lib = join(built, nativeFiles.tensorflow, 'lib');
    const names = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
    const defined = await Promise.all(names.map((name) => definedFunctions(join(lib, name))));
    const used = await usedFunctions([join(built, nativeFiles.binding)]);
    expect(used).toContain('TFE_Execute');
    expect(used).toContain('TF_GraphToFunction');
    expect(used.filter((name) => !defined.some((one) => one.has(name)))).toEqual([]);
  });

  it('says so where a binding does not load', async () => {
    const home = temporaryFolder();
    copyFileSync(join(built, nativeFiles.manifest), join(home, nativeFiles.manifest));
    writeFileSync(join(home, nativeFiles.binding), 'no library');
    process.env.ALMANAC_NATIVE = home;
    try {
      expect((await probeEngine('native'))?.reason).toMatch(/its library does not load.*npm run engine:native/);
    } finally {
      delete process.env.ALMANAC_NATIVE;
    }
  });
});
