import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCycles, readSources, root } from './imports.ts';

const files = readSources();

/**
 * Which folders a folder may take values from, besides itself; the longest matching key counts. `core` is everybody's.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/lib': ['src/core'],
  'src/routes': ['src/core', 'src/lib'],
  'src/hooks.server.ts': ['src/core', 'src/lib'],
  'trainer/setup': [],
  'trainer/home.ts': [],
  'trainer/env.ts': [],
  'trainer/start.ts': ['trainer/home.ts', 'trainer/env.ts'],
  'trainer/web.ts': ['trainer/env.ts'],
  'trainer/data': [],
  'trainer/engines': [],
  'trainer/run-folder': ['trainer/sidecar'],
  'trainer/ml': ['trainer/engines'],
  'trainer/engine-choice': ['trainer/engines', 'trainer/ml'],
  'trainer/native': ['trainer/engines', 'trainer/engine-choice'],
  'trainer/process': ['trainer/engine-choice', 'trainer/ml', 'trainer/engines', 'trainer/data', 'trainer/run-folder'],
  'trainer/sidecar': [
    'trainer/process',
    'trainer/engine-choice',
    'trainer/engines',
    'trainer/data',
    'trainer/run-folder',
    'trainer/env.ts',
    'trainer/home.ts',
  ],
  'trainer/cli': ['trainer'],
};

function layerOf(path: string): string {
  const layers = Object.keys(allowed).filter((layer) => path === layer || path.startsWith(`${layer}/`));
  return layers.sort((a, b) => b.length - a.length)[0] ?? '';
}

const within = (path: string, layer: string) => path === layer || path.startsWith(`${layer}/`);

describe('architecture', () => {
  it('reads the project', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it('has no file outside the layers', () => {
    const stray = files.filter((file) => layerOf(file.path) === '' && !['src/app.d.ts'].includes(file.path));
    expect(stray.map((file) => file.path)).toEqual([]);
  });

  it('imports only what a layer may import', () => {
    const wrong = files.flatMap((file) => {
      const layer = layerOf(file.path);
      const may = [layer, 'src/core', ...(allowed[layer] ?? [])];
      return file.values
        .filter((target) => !target.startsWith('.svelte-kit') && !/\.(css|svg|json)$/.test(target))
        .filter((target) => !(layer.startsWith('src/') && target.startsWith('src/app.')))
        .filter((target) => !may.some((folder) => within(target, folder)))
        .map((target) => `${file.path} → ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('lets lib and routes see nothing of the trainer, not even a type', () => {
    const wrong = files
      .filter((file) => file.path.startsWith('src/lib/') || file.path.startsWith('src/routes/'))
      .flatMap((file) => file.types.filter((target) => within(target, 'trainer')).map((target) => [file.path, target]));
    expect(wrong).toEqual([]);
  });

  it('keeps core pure: no Node, DOM, Svelte or tfjs', () => {
    const wrong = files
      .filter((file) => file.path.startsWith('src/core/'))
      .flatMap((file) => file.packages.map((name) => [file.path, name]))
      .filter(([, name]) => !['zod', 'yaml'].includes(name ?? ''));
    expect(wrong).toEqual([]);
  });

  it('resolves every import of its own', () => {
    const missing = files.flatMap((file) =>
      [...file.values, ...file.types]
        .filter((target) => !target.includes('$types') && !existsSync(join(root, target)))
        .map((target) => `${file.path} → ${target}`),
    );
    expect(missing).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(findCycles(files)).toEqual([]);
  });

  it('has no barrel and no dumping ground', () => {
    const dumping = /\/(utils?|helpers?|common|misc|types|shared)(\/|\.ts$)/;
    const barrels = files.filter((file) => /\/index\.ts$/.test(file.path) || dumping.test(file.path));
    expect(barrels.map((file) => file.path)).toEqual([]);
  });

  it('writes Svelte 5, not 4', () => {
    const old = /export let |^\s*\$:|\son:[a-z]+=|<slot|svelte\/store|\$app\/stores|createEventDispatcher/m;
    const wrong = files.filter((file) => file.path.startsWith('src/') && old.test(file.text));
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it('keeps files small, and a long one says why', () => {
    const long = files.filter(
      (file) => file.text.split('\n').length > 400 && !/long because/i.test(file.text.slice(0, 1500)),
    );
    expect(long.map((file) => file.path)).toEqual([]);
    const lengths = files.map((file) => file.text.split('\n').length).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(250);
  });

  it('spawns no shell', () => {
    const wrong = files.filter(
      (file) =>
        file.path !== 'trainer/setup/prepare.mjs' && /shell:\s*true|\bexecSync\(|[^.\w]exec\(['"`]/.test(file.text),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });
});
