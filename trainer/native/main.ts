// Program: npm run engine:native -- [--cpu | --gpu] [--version x.y.z] [--from path] [--force]
// Builds the native engine and says what it does on this machine.
import { AppError } from '#core/error.ts';
import { probeEngine } from '#trainer/engine-choice/probe.ts';
import { buildNative } from './build.ts';
import { parseOptions, usage } from './options.ts';

const began = Date.now();
const progress = (stage: string, text: string): void => {
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  process.stdout.write(`engine:native ${seconds.padStart(4)} s  ${stage.padEnd(8)} ${text}\n`);
};

if (process.argv.includes('--help')) {
  process.stdout.write(usage);
  process.exit(0);
}
try {
  const manifest = await buildNative(parseOptions(process.argv.slice(2)), progress);
  progress('probe', 'training a step in a process of its own');
  const report = await probeEngine('native');
  if (!report?.available) throw new AppError('engine_unavailable', report?.reason ?? 'The engine does not work.');
  const { gflops = 0, samplesPerSecond = 0 } = report.measured ?? {};
  progress(
    'ready',
    `${report.device}; tfjs-node ${manifest.tfjsNode}; ${gflops.toFixed(1)} GFLOP/s, ${Math.round(samplesPerSecond)} samples/s`,
  );
} catch (error) {
  const message =
    error instanceof AppError ? error.message : error instanceof Error ? (error.stack ?? error.message) : error;
  process.stderr.write(`engine:native: ${String(message)}\n`);
  process.exit(1);
}
