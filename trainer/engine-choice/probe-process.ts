// Program: opens the engine named as its first argument, measures it, then tests the architectures named after it; after
// each it prints one line of JSON, an EngineReport, so that what hangs or crashes takes only itself. It runs as a child
// because an engine may block, crash or hold a device; whatever goes wrong stays in here.
import { AppError } from '#core/error.ts';
import { type Architecture, architectures } from '#core/models/registry.ts';
import { type EngineName, engineNames } from '#core/engines/registry.ts';
import type { EngineReport, ModelReport } from '#core/engines/report.ts';
import { checkTraining, referenceLosses } from './check-training.ts';
import { measureEngine } from './measure.ts';
import { openEngine } from '#trainer/engines/open.ts';

function print(report: EngineReport): void {
  process.stdout.write(`\n${JSON.stringify(report)}\n`);
}

async function open(name: EngineName): Promise<EngineReport> {
  try {
    const engine = await openEngine(name);
    const measured = await measureEngine();
    return { name, available: true, device: engine.device, version: engine.version, measured };
  } catch (error) {
    const reason = error instanceof AppError ? error.message : `The ${name} engine failed its test: ${textOf(error)}`;
    return { name, available: false, device: '', version: '', reason };
  }
}

async function test(model: Architecture, reference: readonly number[] | Error): Promise<ModelReport> {
  if (reference instanceof Error) return { reason: `the reference was not computed: ${reference.message}` };
  try {
    return { samplesPerSecond: await checkTraining(model, reference) };
  } catch (error) {
    return { reason: textOf(error) };
  }
}

async function findReference(model: Architecture): Promise<readonly number[] | Error> {
  try {
    return await referenceLosses(model);
  } catch (error) {
    return new Error(textOf(error));
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const [wanted, ...names] = process.argv.slice(2);
const name = engineNames.find((engine) => engine === wanted);
const models = architectures.filter((architecture) => names.includes(architecture));
if (name === undefined || models.length !== names.length) {
  process.stderr.write(
    `Expected one of ${engineNames.join(', ')} and then any of ${architectures.join(', ')}, received ${process.argv.slice(2).join(' ') || 'nothing'}\n`,
  );
  process.exit(2);
}
// The other end of this channel is the parent: when it is gone, nobody needs the result.
process.stdin.resume().on('close', () => process.exit(1));
// Before the engine is opened: two at once would share what TensorFlow.js holds globally.
const references = new Map<Architecture, readonly number[] | Error>();
for (const model of models) references.set(model, await findReference(model));
let report = await open(name);
print(report);
for (const [model, reference] of report.available ? references : []) {
  report = { ...report, models: { ...report.models, [model]: await test(model, reference) } };
  print(report);
}
// Engines may keep the process alive; the reports are complete once they are written.
process.stdout.write('', () => process.exit(0));
