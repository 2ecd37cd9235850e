import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCycles, readSources, root } from './imports.ts';

const files = readSources();

/**
 * Rooms, and the rooms each may take values from, besides itself; the longest matching key counts. `core` is everybody's.
 * In words: cli → sidecar → process and native → engine-choice → ml → engines, data, run-folder → core.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/disk': [],
  'src/access': [],
  'src/lib/ui': [],
  'src/lib/api': ['src/lib/ui'],
  'src/lib/worker': [],
  'src/lib/chart': ['src/lib/ui'],
  'src/lib/live': ['src/lib/api'],
  'src/lib/document': ['src/lib/api', 'src/lib/ui', 'src/lib/worker'],
  'src/lib/engines': ['src/lib/api', 'src/lib/ui'],
  'src/lib/fields': ['src/lib/document', 'src/lib/engines', 'src/lib/api', 'src/lib/ui'],
  'src/lib/cells': ['src/lib/fields', 'src/lib/document', 'src/lib/engines', 'src/lib/chart', 'src/lib/ui'],
  'src/lib/prose': [],
  'src/lib/palette': ['src/lib/api', 'src/lib/ui'],
  'src/lib/notebook': [
    'src/lib/prose',
    'src/lib/cells',
    'src/lib/document',
    'src/lib/engines',
    'src/lib/chart',
    'src/lib/api',
    'src/lib/ui',
  ],
  'src/lib/run': [
    'src/lib/prose',
    'src/lib/notebook',
    'src/lib/cells',
    'src/lib/document',
    'src/lib/engines',
    'src/lib/chart',
    'src/lib/live',
    'src/lib/api',
    'src/lib/ui',
  ],
  'src/lib/compare': ['src/lib/run', 'src/lib/notebook', 'src/lib/chart', 'src/lib/api', 'src/lib/ui'],
  'src/lib/runs': ['src/lib/live', 'src/lib/document', 'src/lib/api', 'src/lib/ui'],
  'src/lib/server': ['src/access', 'src/disk', 'src/lib/api'],
  'src/routes': ['src/lib'],
  'src/hooks.server.ts': ['src/lib/server'],
  'trainer/setup': [],
  'trainer/home.ts': ['src/disk'],
  'trainer/home-lock.ts': ['trainer/home.ts', 'trainer/run-folder', 'src/disk'],
  'trainer/exit-status.ts': [],
  'trainer/listen-failure.ts': [],
  'trainer/farewell.ts': [],
  'trainer/settings': ['src/access'],
  'trainer/linger.ts': [],
  'trainer/terminal.ts': [],
  'trainer/watch.ts': [],
  'trainer/starter': ['trainer/exit-status.ts', 'trainer/listen-failure.ts', 'trainer/run-folder'],
  'trainer/start.ts': [
    'trainer/starter',
    'trainer/exit-status.ts',
    'trainer/farewell.ts',
    'trainer/home.ts',
    'trainer/home-lock.ts',
    'trainer/run-folder',
    'trainer/settings',
    'trainer/terminal.ts',
    'trainer/watch.ts',
    'src/access',
  ],
  'trainer/web.ts': [
    'trainer/settings',
    'trainer/exit-status.ts',
    'trainer/linger.ts',
    'trainer/listen-failure.ts',
    'trainer/terminal.ts',
    'src/access',
  ],
  'trainer/child': [],
  'trainer/data': ['trainer/child'],
  'trainer/engines': [],
  'trainer/run-folder': ['src/disk'],
  'trainer/cache': ['src/disk'],
  'trainer/steps': ['trainer/cache', 'trainer/data', 'src/disk'],
  'trainer/ml': ['trainer/engines', 'src/disk'],
  'trainer/engine-choice': ['trainer/child', 'trainer/engines', 'trainer/ml', 'src/disk'],
  'trainer/native': ['trainer/engines', 'trainer/engine-choice'],
  'trainer/process': [
    'trainer/terminal.ts',
    'trainer/engine-choice',
    'trainer/ml',
    'trainer/engines',
    'trainer/cache',
    'trainer/steps',
    'trainer/data',
    'trainer/run-folder',
    'src/disk',
  ],
  'trainer/cells': [
    'trainer/child',
    'trainer/steps',
    'trainer/process',
    'trainer/engine-choice',
    'trainer/ml',
    'trainer/engines',
    'trainer/data',
    'src/disk',
  ],
  'trainer/sidecar': [
    'trainer/cache',
    'trainer/steps',
    'trainer/terminal.ts',
    'trainer/cells',
    'trainer/engine-choice',
    'trainer/engines',
    'trainer/data',
    'trainer/run-folder',
    'trainer/settings',
    'trainer/exit-status.ts',
    'trainer/farewell.ts',
    'trainer/home.ts',
    'trainer/home-lock.ts',
    'trainer/linger.ts',
    'trainer/listen-failure.ts',
    'src/access',
    'src/disk',
  ],
  'trainer/cli': [
    'trainer/sidecar',
    'trainer/engine-choice',
    'trainer/engines',
    'trainer/settings',
    'trainer/home.ts',
    'trainer/home-lock.ts',
    'src/access',
  ],
};

/** What others may import of a room: a reader of the product never meets a kernel. Rooms not listed are open. */
const faces: Readonly<Record<string, readonly string[]>> = {
  'trainer/cells': ['run-cell.ts', 'cell-task.ts'],
  'trainer/engines': [
    'engine.ts',
    'open.ts',
    'ops/',
    'random/',
    'telemetry.ts',
    'gpu.ts',
    'gpus.ts',
    'registry.ts',
    // The program that builds the native engine has to know where it is looked for.
    'native/find.ts',
    'native/manifest.ts',
    'native/nvidia-gpu.ts',
  ],
};

/**
 * Files of one room that bear one name because they are one thing: an operation and its kernels; of each kind of thing that
 * people add the list, what one must say of itself, and what builds one.
 */
const families = [
  /^trainer\/engines\/(ops|[a-z]+\/(kernels|assembly))\/|\/kernels\.ts$/,
  /\/(registry|descriptor|build)\.ts$/,
  /^trainer\/engines\/([a-z]+\/)?driver\.ts$/,
];

function layerOf(path: string): string {
  const layers = Object.keys(allowed).filter((layer) => path === layer || path.startsWith(`${layer}/`));
  return layers.sort((a, b) => b.length - a.length)[0] ?? '';
}

const within = (path: string, layer: string) => path === layer || path.startsWith(`${layer}/`);

const isShown = (path: string, shown: string) => (shown.endsWith('/') ? path.startsWith(shown) : path === shown);

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

  it('lets lib and routes see the trainer only as the type of its interface', () => {
    const wrong = files
      .filter((file) => file.path.startsWith('src/lib/') || file.path.startsWith('src/routes/'))
      .flatMap((file) => file.types.filter((target) => within(target, 'trainer')).map((target) => [file.path, target]))
      .filter(([, target]) => target !== 'trainer/sidecar/app.ts');
    expect(wrong).toEqual([]);
  });

  it('shows of a room only its face', () => {
    const wrong = files.flatMap((file) =>
      Object.entries(faces)
        .filter(([room]) => !within(file.path, room))
        .flatMap(([room, face]) =>
          [...file.values, ...file.types]
            .filter((target) => target.startsWith(`${room}/`))
            .filter((target) => !face.some((shown) => isShown(target.slice(room.length + 1), shown)))
            .map((target) => `${file.path} → ${target}`),
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('has no circle of rooms', () => {
    const rooms = Object.keys(allowed).map((room) => {
      const targets = files.filter((file) => layerOf(file.path) === room).flatMap((file) => file.values.map(layerOf));
      return { path: room, values: [...new Set(targets)].filter((target) => target !== room && target !== '') };
    });
    expect(findCycles(rooms)).toEqual([]);
  });

  it('has no two files of one name in a room', () => {
    const sources = files.filter(({ path }) => !path.startsWith('src/routes/'));
    const named = Map.groupBy(sources, ({ path }) => `${layerOf(path)} ${path.slice(path.lastIndexOf('/') + 1)}`);
    const wrong = [...named.values()]
      .map((group) => group.map(({ path }) => path))
      .filter((paths) => paths.length > 1 && !families.some((family) => paths.every((path) => family.test(path))));
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

  it('has no import cycle, of types neither', () => {
    expect(findCycles(files.map(({ path, values, types }) => ({ path, values: [...values, ...types] })))).toEqual([]);
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
