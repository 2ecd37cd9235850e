import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { RunDetail } from '#core/run/summary.ts';
import { runProgram } from '#tests/support/almanac.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { type Half, plantHalf } from './plant.ts';
import { plants } from './plants.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

const halves = plants.flatMap(({ core, trainer }) => [core, ...(trainer ? [trainer] : [])]);

/** The same under another name. */
function renamed(half: Half): Half {
  const rename = (text: string) => text.replaceAll('planted', 'bare');
  const { path, text, entry, exported } = half;
  return { ...half, path: rename(path), text: rename(text), entry: rename(entry), exported: rename(exported) };
}

/** A copy of what trains, with packages of this project. */
function copyProject(): string {
  const root = temporaryFolder();
  for (const path of ['package.json', 'trainer', 'src/access', 'src/core', 'src/disk']) {
    cpSync(join(project, path), join(root, path), { recursive: true });
  }
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(
    join(root, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true },
        ...{ module: 'preserve', moduleResolution: 'bundler', target: 'esnext', types: ['node'] },
        lib: ['esnext', 'dom'],
      },
      include: ['src/core/*/registry.ts', 'trainer/ml/*/registry.ts', 'trainer/ml/*/build.ts', 'trainer/engines/*.ts'],
    }),
  );
  return root;
}

/** Paths of the files in which the compiler finds something wrong, with what it says of each. */
async function compile(root: string): Promise<Readonly<Record<string, string>>> {
  const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
  const ended = await promisify(execFile)(process.execPath, [tsc, '-p', root], { cwd: root }).catch(
    (error: { stdout: string }) => error,
  );
  const found = [...ended.stdout.matchAll(/^(\S+)\(\d+,\d+\): error (.*)$/gm)];
  return Object.fromEntries(found.map(([, path, message]) => [path, message]));
}

it('one of each kind trains with its files and lines and nothing else', async () => {
  const root = copyProject();
  for (const half of halves) plantHalf(root, half);
  const home = temporaryFolder();
  for (const folder of ['notebooks', 'runs']) mkdirSync(join(home, folder));
  writeFileSync(join(home, 'notebooks', 'planted.md'), '---\ntitle: Planted\n---\n```yaml train\n```\n');
  const sizes = ['data.source=sample://market?seed=3&bars=400&step=1h', 'train.epochs=2', 'train.batch_size=64'];
  const program = join(root, 'trainer', 'cli', 'almanac.mjs');
  const uses = plants.flatMap(({ use }) => use);
  const { code, out, notes } = await runProgram(program, ['run', 'planted', ...sizes, ...uses, '--json'], {
    ALMANAC_HOME: home,
  });
  expect([code, notes]).toEqual([0, '']);
  const run = JSON.parse(out) as RunDetail;
  expect(run).toMatchObject({ status: 'completed', engine: { name: 'planted' } });
  for (const { kind, use } of plants) {
    for (const override of use) expect(run.overrides, kind).toContain(override);
  }
}, 60_000);

it('form, sizes and estimate know what was planted', async () => {
  const root = copyProject();
  for (const half of halves) plantHalf(root, half);
  const overrides = plants.flatMap(({ use }) => use);
  const input = { features: 6, baseStep: 3_600_000, warmup: 5 };
  writeFileSync(
    join(root, 'look.ts'),
    `import { requireConfig } from '#core/config/compile.ts';
import { configFields } from '#core/config/fields.ts';
import { estimate } from '#core/estimate/estimate.ts';
import { describeSize } from '#core/estimate/parameters.ts';

const { config } = requireConfig({ overrides: ${JSON.stringify(overrides)} });
const { parameters } = estimate(config, ${JSON.stringify(input)});
const tasks = Object.keys(config.targets.tasks);
console.log(JSON.stringify({ fields: configFields(), tasks, parameters, size: describeSize('planted', 'large') }));
`,
  );
  const { out, notes } = await runProgram(join(root, 'look.ts'), [], {});
  expect(notes).toBe('');
  for (const { kind, says } of plants) expect(out, kind).toContain(says);
  const { tasks, parameters, size } = JSON.parse(out) as { tasks: string[]; parameters: number; size: string };
  // Three bars of six features to four units, and these to an output a task.
  expect([parameters, size]).toEqual([(3 * 6 + 1) * 4 + (4 + 1) * tasks.length, '16 units']);
}, 30_000);

it('what is planted compiles, and one whose half that trains is missing does not', async () => {
  const root = copyProject();
  for (const half of halves) plantHalf(root, half);
  const twofold = plants.filter(({ trainer }) => trainer !== undefined);
  for (const { core } of twofold) plantHalf(root, renamed(core));
  const wrong = await compile(root);
  expect(Object.keys(wrong).sort()).toEqual(twofold.map(({ trainer }) => trainer?.registry).sort());
  for (const message of Object.values(wrong)) expect(message).toContain("Property 'bare' is missing");
}, 60_000);
