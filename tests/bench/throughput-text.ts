import type { KernelTime, Measured } from './measurer.ts';
import type { Spread } from './spread.ts';
import { spreadOf } from './spread.ts';
import type { Series, ThroughputRow } from './throughput-row.ts';

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const rate = ({ median, min, max }: Spread) => `${whole(median)} samples/s (${whole(min)} to ${whole(max)})`;
const times = ({ median, min, max }: Spread) => `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;

/** A program's measurements in a line: median, lowest and highest of the repeats, and what it is. */
export function describeSeries({ name, about, rates }: Series): string {
  const what = [about.version, about.device, about.how].filter((text) => text !== '').join('; ');
  return `  ${name.padEnd(8)} ${rate(spreadOf(rates)).padEnd(42)} ${what}`;
}

/** The ratio of a row in a line; undefined where an engine stands alone. */
export function describeRatio({ engine, peer, spread, peerDifferences }: ThroughputRow): string | undefined {
  if (peer === null || spread.ratio === null) return undefined;
  const more = Object.entries(peerDifferences).map(([what, count]) => `${peer} has ${whole(count)} more: ${what}`);
  return `  ${`${engine} / ${peer}`.padEnd(18)} ${[times(spread.ratio), ...more].join('; ')}`;
}

/** Time by kernel, the largest first; what no kernel used is JavaScript: the tape, shapes, allocation, reading the loss. */
export function describeKernels(batch: number, { samplesPerSecond, kernels = [] }: Measured): string {
  const step = (1000 * batch) / samplesPerSecond;
  const inside = kernels.reduce((sum, { msPerStep }) => sum + msPerStep, 0);
  const rest: KernelTime = { name: 'outside kernels', callsPerStep: 0, msPerStep: step - inside };
  const lines = [...kernels, rest]
    .sort((a, b) => b.msPerStep - a.msPerStep)
    .map(({ name, callsPerStep, msPerStep }) => {
      const share = `${((100 * msPerStep) / step).toFixed(1)} %`;
      const calls = name === rest.name ? '' : callsPerStep.toFixed(1).replace(/\.0$/, '');
      return `    ${name.padEnd(28)} ${calls.padStart(8)} ${msPerStep.toFixed(3).padStart(10)} ${share.padStart(8)}`;
    });
  const head = `    ${'kernel'.padEnd(28)} ${'calls'.padStart(8)} ${'ms'.padStart(10)} ${'share'.padStart(8)}`;
  return [`  a step takes ${step.toFixed(2)} ms:`, head, ...lines].join('\n');
}
