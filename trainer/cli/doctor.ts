import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { sql } from 'kysely';
import { closest } from '#core/config/suggestion.ts';
import { type Architecture, architectures } from '#core/models/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import { AppError } from '#core/error.ts';
import { connectDatabase } from '#trainer/sidecar/db/connect.ts';
import type { Settings } from '#trainer/env.ts';
import { openGpuReader } from '#trainer/engines/gpu.ts';
import { findSidecar } from '#trainer/sidecar/runs/home-lock.ts';
import { describeEngines, type Finding } from './engine-findings.ts';
import { askEngines } from './ask-engines.ts';
import type { Output } from './output.ts';

interface DoctorRequest {
  /** Architectures to measure on every engine. */
  readonly models: readonly Architecture[];
  /** Measure anew what is remembered. */
  readonly again: boolean;
}

/** @throws AppError invalid_request naming the word that is none. */
export function parseDoctorArguments(words: readonly string[]): DoctorRequest {
  const models = words
    .filter((word) => word !== '--again')
    .map((word) => {
      const model = architectures.find((architecture) => architecture === word);
      if (model !== undefined) return model;
      const meant = closest(word, architectures);
      throw new AppError(
        'invalid_request',
        `usage: almanac doctor [${architectures.join('|')} ...] [--again]; ${JSON.stringify(word.slice(0, 40))} is no architecture` +
          (meant === undefined || meant === null ? '.' : `, did you mean ${meant}?`),
      );
    });
  return { models: [...new Set(models)], again: words.includes('--again') };
}

/** `almanac doctor`: what this machine offers and what stands in the way; exit code 0 where a run can be trained. */
export async function doctorCommand(
  settings: Settings,
  request: DoctorRequest,
  output: Output,
  ask: (settings: Settings, request: DoctorRequest) => Promise<readonly EngineReport[]> = askEngines,
): Promise<number> {
  const gpu = openGpuReader();
  if (request.models.length > 0) output.progress(`Measuring ${request.models.join(', ')} on every engine …`);
  const engines = await ask(settings, request);
  const findings: readonly Finding[] = [
    checkNode(),
    await checkIndex(),
    ...describeEngines(engines, request.models),
    describeGpu(gpu.name(), gpu.latest()?.memTotal),
    ...(await Promise.all([
      checkPort(settings, 'PORT', settings.port),
      checkPort(settings, 'TRAINER_PORT', settings.trainerPort),
    ])),
    await checkDisk(settings),
  ];
  gpu.close();
  for (const { what, ok, text } of findings) output.print(`${ok ? 'ok  ' : 'look'}  ${what.padEnd(14)} ${text}`);
  const needed = ['node', 'index', 'disk'];
  const works =
    findings.every(({ what, ok }) => ok || !needed.includes(what)) && engines.some(({ available }) => available);
  output.print(works ? 'This machine can train.' : 'Something needed is missing: see the lines marked "look".');
  return works ? 0 : 1;
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
