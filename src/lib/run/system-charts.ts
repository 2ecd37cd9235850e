import type { LineSeries } from '#lib/chart/line-series.ts';
import type { RunAxis } from './run-axis.ts';
import type { SystemKey } from '#core/run/system-readings.ts';
import type { SystemSeries } from './system-series.ts';

/** One chart of the system panel. */
interface SystemChart {
  readonly title: string;
  readonly series: readonly LineSeries[];
  readonly yDomain?: readonly [number, number];
}

interface Plan {
  readonly title: string;
  readonly lines: readonly {
    readonly key: SystemKey;
    readonly label: string;
    readonly role: LineSeries['role'];
    readonly style?: LineSeries['style'];
  }[];
  /** Read values times this are drawn. */
  readonly scale?: number;
  readonly area?: boolean;
  readonly yDomain?: readonly [number, number];
}

const percent = [0, 100] as const;

const plans: readonly Plan[] = [
  { title: 'GPU, %', lines: [{ key: 'gpuUtil', label: 'GPU', role: 'train' }], area: true, yDomain: percent },
  {
    title: 'GPU memory, MB',
    lines: [
      { key: 'gpuMemory', label: 'in use', role: 'train' },
      { key: 'deviceBytes', label: 'by this run', role: 'validation', style: 'dashed' },
    ],
    scale: 1e-6,
  },
  { title: 'GPU temperature, °C', lines: [{ key: 'gpuTemperature', label: 'GPU', role: 'train' }] },
  { title: 'GPU power, W', lines: [{ key: 'gpuPower', label: 'GPU', role: 'train' }] },
  {
    title: 'CPU, % of one core',
    lines: [{ key: 'cpu', label: 'CPU', role: 'train' }],
    area: true,
    yDomain: percent,
  },
  { title: 'memory, MB', lines: [{ key: 'rss', label: 'process', role: 'train' }], scale: 1e-6 },
  { title: 'tensors', lines: [{ key: 'tensors', label: 'count', role: 'train' }] },
  { title: 'tensor memory, MB', lines: [{ key: 'tensorBytes', label: 'tensors', role: 'train' }], scale: 1e-6 },
];

/**
 * The charts of what was read; none for what the machine does not expose, nor where all readings stand at one place, as in
 * the first seconds of a run: a line takes two, and the figures tell the newest anyway.
 */
export function systemCharts(system: Pick<SystemSeries, 'column'>, axis: RunAxis): readonly SystemChart[] {
  return plans.flatMap(({ title, lines, scale = 1, area = false, yDomain }): readonly SystemChart[] => {
    const series = lines.flatMap(({ key, ...look }): readonly LineSeries[] => {
      const { step, time, value } = system.column(key, axis.of !== 'time');
      const x = axis.place({ step, time });
      return x.length === 0 || x[0] === x[x.length - 1]
        ? []
        : [{ ...look, area, x, y: scale === 1 ? value : value.map((one) => one * scale), step, time }];
    });
    if (series.length === 0) return [];
    return [{ title, series, ...(yDomain ? { yDomain: widened(yDomain, series) } : {}) }];
  });
}

/** A program on several cores takes more than all of one. */
function widened([low, high]: readonly [number, number], series: readonly LineSeries[]): readonly [number, number] {
  let most = high;
  for (const { y } of series) for (let i = 0; i < y.length; i++) most = Math.max(most, y[i] || 0);
  return [low, most];
}
