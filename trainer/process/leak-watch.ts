import { formatBytes } from '#core/bytes.ts';
import type { SystemReading } from '#trainer/engines/telemetry.ts';

type Counts = Pick<SystemReading, 'tensors' | 'tensorBytes' | 'deviceBytes'>;

interface Mark extends Counts {
  readonly epoch: number;
}

/** Epochs in a row that must grow. An engine's pool grows for a while before it has every size it needs. */
const tensorGrowths = 3;
const deviceGrowths = 6;

/**
 * Finds tensors that nobody disposes. It is given the counts at the same point of each epoch, where they are always
 * equal unless something leaks; counts that grow several epochs in a row are a leak. Each kind is reported once.
 */
export class LeakWatch {
  #marks: readonly Mark[] = [];
  readonly #told = new Set<keyof Counts>();

  /** Takes the counts at the end of an epoch; answers what is to be told, in sentences. */
  mark(epoch: number, { tensors, tensorBytes, deviceBytes }: Counts): readonly string[] {
    const counts = { tensors, tensorBytes, ...(deviceBytes === undefined ? {} : { deviceBytes }) };
    this.#marks = [...this.#marks, { epoch, ...counts }].slice(-1 - Math.max(tensorGrowths, deviceGrowths));
    const leaks: string[] = [];
    const inTensors = this.#grown('tensors', tensorGrowths);
    if (inTensors) leaks.push(describeTensors(inTensors));
    const onDevice = this.#grown('deviceBytes', deviceGrowths);
    if (onDevice) leaks.push(describeDevice(onDevice));
    return leaks;
  }

  /** The marks of a growth that lasted, the first time it is found. */
  #grown(key: keyof Counts, growths: number): readonly Mark[] | null {
    const marks = this.#marks.slice(-1 - growths);
    if (this.#told.has(key) || marks.length <= growths) return null;
    if (!marks.every((mark, i) => i === 0 || (mark[key] ?? 0) > (marks[i - 1][key] ?? Infinity))) return null;
    this.#told.add(key);
    return marks;
  }
}

const advice =
  'Results stay right, but memory will run short: save a checkpoint, stop, and fork from it. Please report this notebook.';

function span(marks: readonly Mark[]) {
  const [first, last] = [marks[0], marks[marks.length - 1]];
  const epochs = last.epoch - first.epoch;
  const perEpoch = (key: keyof Counts) => ((last[key] ?? 0) - (first[key] ?? 0)) / Math.max(1, epochs);
  return { at: `at the ends of epochs ${first.epoch} to ${last.epoch}`, perEpoch };
}

function describeTensors(marks: readonly Mark[]): string {
  const { at, perEpoch } = span(marks);
  const counts = marks.map(({ tensors }) => tensors).join(', ');
  const bytes = formatBytes(Math.max(0, Math.round(perEpoch('tensorBytes'))));
  const growth = `+${Number(perEpoch('tensors').toPrecision(2))} and ${bytes} an epoch`;
  return `Tensors are leaking: ${counts} ${at} (${growth}). ${advice}`;
}

function describeDevice(marks: readonly Mark[]): string {
  const { at, perEpoch } = span(marks);
  const sizes = marks.map(({ deviceBytes }) => formatBytes(deviceBytes ?? 0)).join(', ');
  const growth = `+${formatBytes(Math.round(perEpoch('deviceBytes')))} an epoch`;
  return `Memory taken from the GPU keeps growing: ${sizes} ${at} (${growth}). ${advice}`;
}
