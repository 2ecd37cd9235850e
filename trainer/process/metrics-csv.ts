import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { eventSchema, type EventNumber } from '#core/run/event.ts';

interface Point {
  readonly attempt: number;
  readonly epoch: EventNumber;
  readonly values: Record<string, EventNumber>;
}

/**
 * Rows of `metrics.csv` from `events.jsonl`, in the order of steps: every stored point, and where attempts went over one
 * step twice, that of the highest attempt. Read as a stream: a log may be larger than a string can be.
 */
export async function* toMetricsCsv(eventsPath: string): AsyncGenerator<string> {
  const points = new Map<number, Point>();
  const lines = createInterface({ input: createReadStream(eventsPath), crlfDelay: Infinity });
  for await (const line of lines) {
    // Most of a long log is not metrics; the cheap test spares them the parser.
    if (!line.includes('"type":"metric"')) continue;
    const event = eventSchema.safeParse(parse(line)).data;
    if (event?.type !== 'metric') continue;
    const { step, attempt, epoch, values } = event;
    const known = points.get(step);
    if (known && known.attempt > attempt) continue;
    const same = known?.attempt === attempt;
    points.set(step, { attempt, epoch, values: same ? { ...known.values, ...values } : values });
  }
  yield 'step,epoch,attempt,metric,value\n';
  for (const [step, { epoch, attempt, values }] of [...points].sort(([a], [b]) => a - b)) {
    yield Object.entries(values)
      .map(([metric, value]) => `${step},${epoch},${attempt},${metric},${value}\n`)
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
