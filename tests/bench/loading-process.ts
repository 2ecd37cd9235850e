// Program: loading-process <file>. Loads and cleans the bars of one file, as a run does, and prints as JSON what that took.
import { basename, dirname } from 'node:path';
import { dataSchema } from '#core/config/data.ts';
import { loadBars } from '#trainer/data/load.ts';
import type { Loaded } from './loading.ts';

const path = process.argv[2];
const data = dataSchema.parse({ source: basename(path) });
const before = process.cpuUsage();
const began = performance.now();
const { bars } = await loadBars(data, { roots: [dirname(path)] });
const seconds = (performance.now() - began) / 1000;
const cpu = process.cpuUsage(before);
const loaded: Loaded = {
  version: process.version,
  seconds,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
  rows: bars.time.length,
  close: bars.close[bars.close.length - 1],
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(`${JSON.stringify(loaded)}\n`);
