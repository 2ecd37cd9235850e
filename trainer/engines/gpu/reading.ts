/** One reading of a GPU. What the device does not expose is left out: a zero would be a lie. */
export interface GpuReading {
  /** Percent of the time in which a kernel ran. */
  readonly util?: number;
  /** Bytes. */
  readonly memUsed?: number;
  readonly memTotal?: number;
  /** Degrees Celsius. */
  readonly temperature?: number;
  /** Watts. */
  readonly power?: number;
}

const words: Readonly<Record<keyof GpuReading, string>> = {
  util: 'utilisation',
  memUsed: 'memory in use',
  memTotal: 'total memory',
  temperature: 'temperature',
  power: 'power',
};

/** What of a reading is missing, in words. */
export function missingFrom(reading: GpuReading): readonly string[] {
  return (Object.keys(words) as (keyof GpuReading)[])
    .filter((key) => reading[key] === undefined)
    .map((key) => words[key]);
}

/** A reading of the numbers that are numbers. */
export function toReading(values: Readonly<Record<keyof GpuReading, number | undefined>>): GpuReading {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}

/** One vendor's way to read a GPU, open until closed. It keeps no process alive. */
export interface GpuSource {
  /** The newest reading; undefined before the first, and when the source has ended. */
  latest(): GpuReading | undefined;
  /** The GPU's name in words; undefined as above. */
  name(): string | undefined;
  close(): void;
}

/**
 * Opens a source. Where there is nothing to read it says so through `absent`, now or later and at most once: a clause
 * without a full stop, e.g. "nvidia-smi is not installed". Answers undefined where it knew at once.
 */
export type OpenGpu = (absent: (why: string) => void) => GpuSource | undefined;
