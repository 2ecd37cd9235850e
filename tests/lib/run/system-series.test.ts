import { describe, expect, it } from 'vitest';
import type { EventOf } from '#core/run/event.ts';
import type { SystemKey } from '#core/run/system-readings.ts';
import { systemCharts } from '#lib/run/system-charts.ts';
import { type CurveAxis, runAxis } from '#lib/run/run-axis.ts';
import { SystemSeries } from '#lib/run/system-series.ts';

type Reading = Partial<EventOf<'system'>>;

function series(readings: readonly Reading[]): SystemSeries {
  const system = new SystemSeries();
  readings.forEach((reading, i) =>
    system.add({
      seq: i + 1,
      at: new Date(1e12 + 2000 * i).toISOString(),
      attempt: 1,
      type: 'system',
      cpu: 100,
      rss: 2e8,
      tensors: 10 + i,
      tensorBytes: 1e6,
      ...reading,
    }),
  );
  return system;
}

const plan = { epochs: 10, steps: 400, batch: 1, startedAt: 1e12, endsAt: 1e12 + 60_000 };
const axis = (of: CurveAxis) => runAxis(of, plan);
const column = (system: SystemSeries, key: SystemKey, of: CurveAxis) => {
  const { value, ...at } = system.column(key, of !== 'time');
  return { x: [...axis(of).place(at)], y: [...value] };
};

describe('system readings', () => {
  it('stand at their step or their part of an epoch, without those from before training', () => {
    const system = series([{}, { step: 20 }, { step: 60 }]);
    expect(column(system, 'tensors', 'step')).toEqual({ x: [20, 60], y: [11, 12] });
    expect(column(system, 'tensors', 'epoch')).toEqual({ x: [0.5, 1.5], y: [11, 12] });
    expect(column(system, 'tensors', 'time')).toEqual({ x: [0, 2000, 4000], y: [10, 11, 12] });
  });

  it('of a step that two attempts took are those of the later attempt', () => {
    const system = series([
      { step: 10 },
      { step: 50 },
      { step: 90 },
      { attempt: 2 },
      { attempt: 2, step: 40 },
      { attempt: 2, step: 95 },
    ]);
    expect(column(system, 'tensors', 'step')).toEqual({ x: [10, 40, 95], y: [10, 14, 15] });
  });

  it('keep both readings of one step, as of one that is paused', () => {
    const system = series([{ step: 10 }, { step: 10 }, { step: 20 }]);
    expect(column(system, 'tensors', 'step').x).toEqual([10, 10, 20]);
  });

  it('know no step in a run of before', () => {
    expect(series([{}, {}]).hasSteps).toBe(false);
    expect(series([{}, { step: 1 }]).hasSteps).toBe(true);
  });

  it('keep what was last said of the GPU', () => {
    const system = series([{ gpuNote: 'No GPU can be read.' }, {}]);
    expect([system.gpuNote, system.latest?.tensors]).toEqual(['No GPU can be read.', 11]);
  });
});

describe('system charts', () => {
  /** The same reading at two steps, for one is no line. */
  const twice = (reading: Reading) => series([reading, { ...reading, step: (reading.step ?? 0) + 1 }]);
  const titles = (reading: Reading) => systemCharts(twice(reading), axis('step')).map(({ title }) => title);
  const machine = ['CPU, % of one core', 'memory, MB', 'tensors', 'tensor memory, MB'];

  it('draw nothing that the machine does not expose', () => {
    expect(titles({ step: 1 })).toEqual(machine);
    expect(titles({ step: 1, gpu: { util: 43 } })).toEqual(['GPU, %', ...machine]);
    const whole = { util: 1, memUsed: 2, memTotal: 3, temperature: 4, power: 5 };
    expect(titles({ step: 1, gpu: whole })).toEqual([
      ...['GPU, %', 'GPU memory, MB', 'GPU temperature, °C', 'GPU power, W'],
      ...machine,
    ]);
  });

  it('draw nothing while all readings stand at one place', () => {
    for (const readings of [[{}], [{ step: 1 }], [{ step: 1 }, { step: 1 }]])
      expect(systemCharts(series(readings), axis('step'))).toEqual([]);
  });

  it('give percents their whole axis, and more where several cores are at work', () => {
    const domain = (cpu: number) => systemCharts(twice({ step: 1, cpu }), axis('step'))[0].yDomain;
    expect([domain(40), domain(180)]).toEqual([
      [0, 100],
      [0, 180],
    ]);
  });

  it('show bytes as megabytes', () => {
    const charts = systemCharts(twice({ step: 7 }), axis('step'));
    const points = charts.flatMap(({ title, series: [{ x, y }] }) =>
      title.endsWith('MB') ? [[title, x[0], y[0]]] : [],
    );
    expect(points).toEqual([
      ['memory, MB', 7, 200],
      ['tensor memory, MB', 7, 1],
    ]);
  });
});
