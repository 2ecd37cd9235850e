import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { closest } from '#core/config/suggestion.ts';
import { type Architecture, architectures } from '#core/models/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { openGpuReader } from '#trainer/engines/gpu.ts';
import { findSidecar } from '#trainer/home-lock.ts';
import { askEngines } from '#trainer/cli/ask-engines.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { describeEngines, type Finding } from '#trainer/cli/engine-findings.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';

/** `almanac doctor`: what this machine offers and what stands in the way; exit code 0 where a run can be trained. */
export function addDoctor(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('doctor')
    .summary('what this machine offers and lacks, and how fast it trains')
    .description(
      'Says what this machine offers and lacks. With architectures it measures how fast each engine trains them, or ' +
        'remembers; exit code 0 where a run can be trained.',
    )
    .addArgument(
      new Argument('[architecture...]', `measured on every engine: ${architectures.join(', ')}`).argParser(
        collectArchitectures,
      ),
    )
    .option('--again', 'measure anew what is remembered', false)
    .addOption(jsonOption('print the findings and the reports of the engines as JSON'))
    .action(async (models: readonly Architecture[] = [], { json = false, again }: DoctorOptions) => {
      const here = settings();
      if (models.length > 0) output.progress(`Measuring ${models.join(', ')} on every engine …`);
      const engines = await askEngines(here, { models, again });
      const findings = await findAll(here, engines, models);
      const needed = ['node', 'index', 'disk'];
      const works =
        findings.every(({ what, ok }) => ok || !needed.includes(what)) && engines.some(({ available }) => available);
      if (json) output.json({ works, findings, engines });
      else {
        for (const { what, ok, text } of findings) output.print(`${ok ? 'ok  ' : 'look'}  ${what.padEnd(14)} ${text}`);
        output.print(works ? 'This machine can train.' : 'Something needed is missing: see the lines marked "look".');
      }
      end(works ? 0 : 1);
    });
}

interface DoctorOptions {
  readonly again: boolean;
  readonly json?: boolean;
}

/** @throws InvalidArgumentError naming the word that is none. */
function collectArchitectures(word: string, before: readonly Architecture[] = []): readonly Architecture[] {
  const model = architectures.find((architecture) => architecture === word);
  if (model !== undefined) return before.includes(model) ? before : [...before, model];
  const meant = closest(word, architectures);
  throw new InvalidArgumentError(
    `${JSON.stringify(word.slice(0, 40))} is no architecture, ` +
      (meant === undefined ? `expected some of ${architectures.join(', ')}.` : `did you mean ${meant}?`),
  );
}

async function findAll(
  settings: Settings,
  engines: readonly EngineReport[],
  models: readonly Architecture[],
): Promise<readonly Finding[]> {
  const gpu = openGpuReader();
  const findings = [
    checkNode(),
    await checkIndex(),
    ...describeEngines(engines, models),
    describeGpu(gpu.name(), gpu.latest()?.memTotal),
    ...(await Promise.all([
      checkPort(settings, 'PORT', settings.port),
      checkPort(settings, 'TRAINER_PORT', settings.trainerPort),
    ])),
    await checkDisk(settings),
  ];
  gpu.close();
  return findings;
}

function checkNode(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= 24;
  return {
    what: 'node',
    ok,
    text: `${process.versions.node}${ok ? '' : ', but 24 is needed'} on ${process.platform} ${process.arch}`,
  };
}

async function checkIndex(): Promise<Finding> {
  try {
    const { sql } = await import('kysely');
    const { connectDatabase } = await import('#trainer/sidecar/db/connect.ts');
    const db = await connectDatabase(':memory:');
    const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db);
    await db.destroy();
    return { what: 'index', ok: true, text: `SQLite ${rows[0].version}` };
  } catch (error) {
    return { what: 'index', ok: false, text: error instanceof Error ? error.message : String(error) };
  }
}

function describeGpu(name: string | undefined, memory: number | undefined): Finding {
  if (name === undefined) return { what: 'gpu', ok: true, text: 'no NVIDIA GPU found; training uses the processor' };
  return {
    what: 'gpu',
    ok: true,
    text: `${name}${memory === undefined ? '' : `, ${(memory / 2 ** 30).toFixed(0)} GiB`}`,
  };
}

async function checkPort(settings: Settings, name: string, port: number): Promise<Finding> {
  const free = await new Promise<boolean>((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, settings.host, () => server.close(() => done(true)));
  });
  if (free) return { what: name, ok: true, text: `${port} is free` };
  const ours = findSidecar(settings.runs) !== null;
  const text = ours
    ? `${port} is in use, an Almanac of this home runs`
    : `${port} is in use; choose another: ${name}=${port + 100}`;
  return { what: name, ok: ours, text };
}

async function checkDisk(settings: Settings): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(settings.home);
    const free = bavail * bsize;
    return { what: 'disk', ok: free > 512 * 2 ** 20, text: `${(free / 2 ** 30).toFixed(1)} GiB free` };
  } catch {
    return { what: 'disk', ok: false, text: 'ALMANAC_HOME cannot be read' };
  }
}
