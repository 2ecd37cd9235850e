import { describe, expect, it } from 'vitest';
import { findDeadExports, usesItself } from './exports.ts';
import { readSources } from './imports.ts';

const files = readSources();

/** What SvelteKit takes from its own files by name. */
const kitFiles = /^src\/(routes\/.*\/?\+[a-z.]+\.(ts|svelte)|hooks\.server\.ts)$/;
const kitNames = ['default', 'load', 'actions', 'handle', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What the compiler of AssemblyScript takes; another test compares it with what the engine calls. */
const compiled = 'trainer/engines/wasm/assembly/kernels.ts';

/** Exports that no file of the product uses, not even their own, each with the reason why it is there. */
const unused: Readonly<Record<string, readonly string[]>> = {
  'A later issue begins to use it.': ['src/core/notebook/graph.ts dependents'],
  'The driver for runtimes without native packages; check:deno proves that the index works on it.': [
    'trainer/sidecar/db/node-sqlite.ts openNodeSqlite',
  ],
};

/** Exports that only tests import; their own file uses them. A new one is tested through what the file is for, if that can be. */
const tested: Readonly<Record<string, readonly string[]>> = {
  'Reads what another program or the system prints; tests give it recorded output.': [
    'trainer/engine-choice/probe.ts parseReport',
    'trainer/engines/gpu/apple.ts parseAccelerator',
    'trainer/engines/gpu/nvidia.ts parseGpuLine',
    'trainer/engines/native/gpu-trouble.ts readGpuTrouble',
    'trainer/engines/native/nvidia-gpu.ts parseGpu',
    'trainer/engines/webgpu/adapter.ts describeAdapter',
    'trainer/engines/webgpu/adapter.ts parseAdapters',
    'trainer/native/pip.ts explainPip',
    'trainer/native/symbols.ts definedFunctions',
    'trainer/native/symbols.ts usedFunctions',
    'trainer/native/wheel.ts parseMetadata',
    'trainer/run-folder/process-identity.ts parseProcStat',
  ],
  'A formula, compared with its definition or with another library.': [
    'src/core/bars/resample.ts bucketOf',
    'src/core/config/suggestion.ts editDistance',
    'src/core/features/obv-z.ts onBalanceVolume',
    'trainer/engine-choice/check-training.ts compareLosses',
    'trainer/engines/random/random.ts bits',
    'trainer/sidecar/runs/free-space.ts estimateCheckpoint',
  ],
  'A rule of its own, which would take a whole server, page or machine to see.': [
    'src/core/config/json-schema.ts findKey',
    'src/core/engines/ranking.ts shortReason',
    'src/lib/api/data.ts toDataName',
    'src/lib/chart/chart-page.svelte.ts ChartPage',
    'src/lib/engines/engines.svelte.ts EngineList',
    'src/lib/server/data-files.ts isDataName',
    'trainer/engines/wasm/thread-pool.ts threadCount',
    'trainer/engines/webgpu/guard-backend.ts guardMemory',
    'trainer/native/build.ts checkPlatform',
    'trainer/native/compile.ts nodeHeaders',
    'trainer/run-folder/event-log.ts logDisk',
    'trainer/exit-status.ts exitStatusOf',
    'trainer/watch.ts isCode',
    'src/core/config/targets.ts taskName',
    'trainer/engines/webgpu/missing-driver.ts findMissingLoader',
    'trainer/sidecar/http/stream.ts toFrames',
  ],
  'Suites go through all that there is.': ['src/core/losses/registry.ts losses'],
  'The benchmarks measure with it.': ['trainer/engine-choice/measure-training.ts timeTraining'],
};

const described = (groups: Readonly<Record<string, readonly string[]>>): readonly string[] =>
  Object.values(groups).flat();

describe('exports', () => {
  const dead = findDeadExports(files)
    .filter(({ path, name }) => path !== compiled && !(kitFiles.test(path) && kitNames.includes(name)))
    .map(({ path, name }) => `${path} ${name}`);

  it('are imported by another file of the product, or named here with a reason', () => {
    const named = new Set([...described(unused), ...described(tested)]);
    expect(dead.filter((one) => !named.has(one))).toEqual([]);
  });

  it('that are named here are still imported by none', () => {
    expect([...described(unused), ...described(tested)].filter((one) => !dead.includes(one))).toEqual([]);
  });

  it('that tests alone import serve their own file', () => {
    const idle = described(tested).filter((one) => {
      const [path, name] = one.split(' ');
      const file = files.find((each) => each.path === path);
      return file === undefined || !usesItself(file, name);
    });
    expect(idle).toEqual([]);
  });
});

describe('findDeadExports', () => {
  const file = (path: string, text: string) => ({ path, text });
  const found = (...given: readonly ReturnType<typeof file>[]) =>
    findDeadExports(given).map(({ path, name }) => `${path} ${name}`);

  it('knows every way to export and to import', () => {
    const all = 'export const a = 1, { b, c: [d] } = x; export function e() {} export class F {} export type G = 1;';
    const names = ['a', 'b', 'd', 'e', 'F', 'G'];
    expect(found(file('trainer/x.ts', all))).toEqual(names.map((name) => `trainer/x.ts ${name}`));
    const user = (text: string) =>
      found(file('trainer/x.ts', all), file('trainer/y.ts', text)).map((one) => one.at(-1));
    expect(user("import { a as z, type G } from './x.ts';")).toEqual(['b', 'd', 'e', 'F']);
    expect(user("import type { F } from '#trainer/x.ts'; export { b, d as a } from './x.ts';")).toEqual(['a', 'e', 'G', 'b', 'a']); // prettier-ignore
    expect(user("const { e } = await import('./x.ts'); type Y = import('./x.ts').G;")).toEqual(['a', 'b', 'd', 'F']);
    for (const text of ["import * as x from './x.ts';", "export * from './x.ts';", "void import('./x.ts');"])
      expect(user(text)).toEqual([]);
  });

  it('takes no comment for an import, and a file for no user of itself', () => {
    expect(found(file('trainer/x.ts', "// import { a } from './x.ts'\nexport const a = 1;"))).toEqual([
      'trainer/x.ts a',
    ]);
    expect(found(file('trainer/x.ts', "import { a } from './x.ts'; export const a = 1;"))).toEqual(['trainer/x.ts a']);
  });

  it('takes a component for the default export of its file', () => {
    const component = file('src/lib/A.svelte', '<script module>export const b = 1;</script><script>let c;</script>');
    const user = file('src/lib/B.svelte', "<script>import A from './A.svelte';</script>");
    expect(found(component, user)).toEqual(['src/lib/A.svelte b', 'src/lib/B.svelte default']);
  });
});
