// Program: throughput [--json] [--model=] [--variant=base,medium] [--engine=wasm,native] [--peer=pytorch,keras|none]
// [--device=cpu|cuda] [--batch=256] [--seconds=3] [--repeats=3] [--threads=2] [--profile] [--shipped]
// Training throughput of our models on our engines, beside PyTorch and Keras training the same networks.
import { compareThroughput } from './compare-throughput.ts';
import { readThroughputOptions, type ThroughputOptions } from './throughput-options.ts';
import { type ThroughputRow, throughputRows } from './throughput-row.ts';
import { describeKernels, describeRatio, describeSeries } from './throughput-text.ts';

async function measureAll(options: ThroughputOptions): Promise<ThroughputRow[]> {
  // The standard output of --json holds nothing but JSON.
  const print = (text: string) => void (options.json ? process.stderr : process.stdout).write(`${text}\n`);
  const noted = new Set<string>();
  const note = (text: string) => {
    if (!noted.has(text)) print(`(${text})`);
    noted.add(text);
  };
  const rows: ThroughputRow[] = [];
  for (const model of options.models) {
    for (const variant of options.variants) {
      const job = { model, variant, batch: options.batch, lookback: 64, features: 16 };
      const { engines, peers, shipped, profiles } = await compareThroughput(job, options, note);
      if (engines.length === 0) continue;
      const measured = throughputRows(job, engines, peers, shipped);
      rows.push(...measured);
      const parameters = engines[0].about.parameters.toLocaleString('en-US');
      print(
        `${model} ${variant}: ${parameters} parameters, batches of ${job.batch} × ${job.lookback} × ${job.features}`,
      );
      for (const series of [...engines, ...(shipped ? [shipped] : []), ...peers]) print(describeSeries(series));
      for (const row of measured) {
        const ratio = describeRatio(row);
        if (ratio !== undefined) print(ratio);
      }
      for (const [engine, profile] of profiles) print(`  ${engine}:\n${describeKernels(job.batch, profile)}`);
    }
  }
  if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  return rows;
}

try {
  const options = readThroughputOptions(process.argv.slice(2));
  if ((await measureAll(options)).length === 0) throw new Error(`none of ${options.engines.join(', ')} is available`);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
