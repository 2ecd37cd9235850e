import type { Dataset, Task } from '#core/dataset/dataset.ts';
import { normal, openStream, uniform } from '#trainer/engines/random/random.ts';

export interface TinyOptions {
  readonly rows?: number;
  readonly lookback?: number;
  readonly features?: number;
  readonly kinds?: readonly Task['kind'][];
  /** Row whose labels are missing. */
  readonly unlabelled?: number;
}

/** A small data set with something to learn: the label is a noisy function of the last two rows of the window. */
export function tinyDataset(options: TinyOptions = {}): Dataset {
  const { rows = 200, lookback = 8, features: width = 3, kinds = ['return', 'direction'], unlabelled } = options;
  const stream = openStream(99, 'init', 7);
  const features = Float32Array.from({ length: rows * width }, (_, i) => 2 * uniform(stream, i) - 1);
  const signal = Float64Array.from({ length: rows }, (_, row) => {
    const before = row > 0 ? features[(row - 1) * width + 1] : 0;
    return 0.01 * (features[row * width] - 0.5 * before + 0.1 * normal(stream, 1_000_000 + row));
  });
  if (unlabelled !== undefined) signal[unlabelled] = NaN;
  const all = Int32Array.from({ length: rows - lookback + 1 }, (_, i) => i + lookback - 1);
  const cut = (from: number, to: number): Int32Array =>
    all.slice(Math.floor(from * all.length), Math.floor(to * all.length));
  const samples = { train: cut(0, 0.6), validation: cut(0.6, 0.8), test: cut(0.8, 1) };
  const tasks = kinds.map((kind, k): Task => {
    const earlier = kinds.slice(0, k).filter((other) => other === kind).length;
    const name = `${kind === 'return' ? 'ret' : 'dir'}${earlier || ''}`;
    const raw = signal.map((y) => (kind === 'return' || Number.isNaN(y) ? y : Number(y > 0)));
    const [mean, sd] = kind === 'return' ? [0.001, 0.006] : [0, 1];
    const labels = Float32Array.from(raw, (y) => (Number.isNaN(y) ? 0 : (y - mean) / sd));
    return { name, kind, raw, labels, mean, sd };
  });
  const time = Float64Array.from({ length: rows }, (_, i) => i * 60_000);
  const count = { train: samples.train.length, validation: samples.validation.length, test: samples.test.length };
  return {
    names: Array.from({ length: width }, (_, i) => `f${i}`),
    rows,
    features,
    time,
    decision: time.map((t) => t + 60_000),
    close: new Float64Array(rows).fill(100),
    lookback,
    horizon: 1,
    tasks,
    samples,
    eligible: { validation: samples.validation, test: samples.test },
    outcomes: [signal],
    scaler: { kind: 'standard', names: [], center: [], scale: [], clip: 10 },
    report: {
      baseStep: 60_000,
      timeframes: ['1m'],
      bars: rows,
      warmupRows: 0,
      warmupBars: 0,
      unlabelledRows: 0,
      brokenWindows: 0,
      purged: 0,
      embargoed: 0,
      afterUntil: 0,
      samples: count,
      splitAt: { validationFrom: time[samples.validation[0]], testFrom: time[samples.test[0]], until: null },
      boundaries: { train: null, validation: null, test: null },
      balance: {},
      notes: [],
    },
  };
}
