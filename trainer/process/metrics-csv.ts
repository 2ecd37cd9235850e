import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { eventSchema, type EventNumber } from '#core/run/event.ts';

interface Point {
  readonly attempt: number;
  readonly epoch: EventNumber;
  readonly value: EventNumber;
}

/**
 * Rows of `metrics.csv` from `events.jsonl`, in the order of steps: every stored point, and where attempts took one step
 * of a metric twice, that of the highest attempt, as `/metrics` answers. Read as a stream: a log may be larger than a
 * string can be.
 */
export async function* toMetricsCsv(eventsPath: string): AsyncGenerator<string> {
  const steps = new Map<number, Map<string, Point>>();
  const lines = createInterface({ input: createReadStream(eventsPath), crlfDelay: Infinity });
  for await (const line of lines) {
    // Most of a long log is not metrics; the cheap test spares them the parser.
    if (!line.includes('"type":"metric"')) continue;
    const event = eventSchema.safeParse(parse(line)).data;
    if (event?.type !== 'metric') continue;
    const { step, attempt, epoch, values } = event;
    const points = steps.get(step) ?? new Map<string, Point>();
    steps.set(step, points);
    for (const [metric, value] of Object.entries(values)) {
      if ((points.get(metric)?.attempt ?? 0) <= attempt) points.set(metric, { attempt, epoch, value });
    }
  }
  yield 'step,epoch,attempt,metric,value\n';
  for (const [step, points] of [...steps].sort(([a], [b]) => a - b)) {
    yield [...points]
      .map(([metric, { epoch, attempt, value }]) => `${step},${epoch},${attempt},${metric},${value}\n`)
      .join('');
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
