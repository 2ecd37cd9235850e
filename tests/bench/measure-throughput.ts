// Program: throughput [--json] [--model=mlp,tcn,gru] [--variant=base] [--engine=wasm] [--seconds=5] [--batch=256]
// Training throughput of our models, on an engine of ours and, for wasm, on tfjs' backend as it is shipped.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { architectures, variants } from '#core/config/model.ts';
import { engines } from '#core/config/train.ts';
import type { Job, Throughput } from './throughput.ts';

/** A row of `--json`. The peer is another program's training of the same network; null where none was measured. */
interface Row {
  readonly model: string;
  readonly variant: string;
  readonly engine: string;
  readonly parameters: number;
  readonly samplesPerSecond: number;
  /** The same model on the wasm backend without our kernels; null on other engines. */
  readonly shippedSamplesPerSecond: number | null;
  readonly peer: 'keras' | 'pytorch' | null;
  readonly peerSamplesPerSecond: number | null;
  readonly ratio: number | null;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: architectures.join() },
    variant: { type: 'string', default: 'base' },
    engine: { type: 'string', default: 'wasm' },
    seconds: { type: 'string', default: '5' },
    batch: { type: 'string', default: '256' },
  },
});

function pick<T extends string>(text: string, known: readonly T[], option: string): T[] {
  return text.split(',').map((name) => {
    const found = known.find((value) => value === name);
    if (found === undefined) throw new Error(`--${option}: expected some of ${known.join(', ')}, received ${name}`);
    return found;
  });
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${option}: expected a number above 0, received ${text}`);
  return value;
}

const program = fileURLToPath(new URL('./measure-process.ts', import.meta.url));

function measure(engine: string, job: Job): Promise<Throughput> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, engine, JSON.stringify(job)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as Throughput);
      else reject(new Error(`Measuring ${job.model} ${job.variant} on ${engine} ended with code ${code}`));
    });
  });
}

const seconds = positive(options.seconds, 'seconds');
const batch = positive(options.batch, 'batch');
const rows: Row[] = [];
for (const engine of pick(options.engine, engines, 'engine')) {
  for (const model of pick(options.model, architectures, 'model')) {
    for (const variant of pick(options.variant, variants, 'variant')) {
      const job: Job = { model, variant, batch, lookback: 64, features: 16, seconds };
      const ours = await measure(engine, job);
      const shipped = engine === 'wasm' ? await measure('shipped', job) : undefined;
      const row: Row = {
        model,
        variant,
        engine,
        parameters: ours.parameters,
        samplesPerSecond: Math.round(ours.samplesPerSecond),
        shippedSamplesPerSecond: shipped === undefined ? null : Math.round(shipped.samplesPerSecond),
        peer: null,
        peerSamplesPerSecond: null,
        ratio: null,
      };
      rows.push(row);
      if (!options.json) {
        const shippedRate = row.shippedSamplesPerSecond;
        const beside =
          shippedRate === null
            ? ''
            : `; as shipped ${shippedRate}, ${(row.samplesPerSecond / shippedRate).toFixed(1)} times as fast`;
        process.stdout.write(
          `${model} ${variant} (${row.parameters} parameters) on ${engine}: ${row.samplesPerSecond} samples/s${beside}\n`,
        );
      }
    }
  }
}
if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
