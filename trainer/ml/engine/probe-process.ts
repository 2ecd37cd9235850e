// Program: opens the engine named as its argument, measures it and prints one line of JSON, an EngineReport. It runs as a
// child because an engine may block, crash or hold a device; whatever goes wrong stays in here.
import { AppError } from '#core/error.ts';
import { type EngineName, engines } from '#core/config/train.ts';
import type { EngineReport } from './engine.ts';
import { measureEngine } from './measure.ts';
import { openEngine } from './open.ts';

async function probe(name: EngineName): Promise<EngineReport> {
  try {
    const engine = await openEngine(name);
    const measured = await measureEngine();
    return { name, available: true, device: engine.device, version: engine.version, measured };
  } catch (error) {
    const reason = error instanceof AppError ? error.message : `The ${name} engine failed its test: ${String(error)}`;
    return { name, available: false, device: '', version: '', reason };
  }
}

const name = engines.find((engine) => engine === process.argv[2]);
if (name === undefined) {
  process.stderr.write(`Expected one of ${engines.join(', ')}, received ${process.argv[2] ?? 'nothing'}\n`);
  process.exit(2);
}
const report = await probe(name);
// Engines may keep the process alive; the report is complete once it is written.
process.stdout.write(`\n${JSON.stringify(report)}\n`, () => process.exit(0));
