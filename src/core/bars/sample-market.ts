import { AppError } from '#core/error.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { day, formatTimeframe, hour, parseTimeframe } from '#core/time/timeframe.ts';
import type { Bars } from './bars.ts';

/** What `sample://market?…` asks for. */
interface SampleSpec {
  /** 0 … 2³² − 1. */
  readonly seed: number;
  readonly bars: number;
  /** Milliseconds. */
  readonly step: number;
}

const defaultSample: SampleSpec = { seed: 1, bars: 20_000, step: hour };
const maxSampleBars = 5_000_000;
/** Monday 2018-01-01 00:00 UTC: every timeframe begins a bucket there. */
const sampleStart = Date.UTC(2018, 0, 1);

export function isSampleSource(source: string): boolean {
  return /^sample:/i.test(source.trim());
}

/**
 * Reads `sample://market?seed=1&bars=20000&step=1h`; what is missing takes its default.
 * @throws AppError invalid_config on another market, an unknown key or a value out of range
 */
export function parseSampleSource(source: string): SampleSpec {
  const match = /^sample:\/\/market\/?(?:\?(.*))?$/i.exec(source.trim());
  if (!match) throw invalid(`expected sample://market?seed=1&bars=20000&step=1h, received ${quote(source)}`);
  const spec = { ...defaultSample };
  for (const pair of (match[1] ?? '').split('&').filter(Boolean)) {
    const [key, value = ''] = pair.split('=', 2);
    const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
    if (key === 'seed') {
      if (!(number <= 0xffff_ffff))
        throw invalid(`seed: expected a whole number up to 4294967295, received ${quote(value)}`);
      spec.seed = number;
    } else if (key === 'bars') {
      if (!(number >= 2 && number <= maxSampleBars))
        throw invalid(`bars: expected 2 to ${maxSampleBars}, received ${quote(value)}`);
      spec.bars = number;
    } else if (key === 'step') {
      const step = parseTimeframe(value);
      if (step === undefined || step > 7 * day)
        throw invalid(`step: expected 1s to 1w such as 15m, received ${quote(value)}`);
      spec.step = step;
    } else {
      throw invalid(`unknown key ${quote(key)}; expected seed, bars or step`);
    }
  }
  return spec;
}

/** The one spelling of a sample: its fingerprint is taken of this text. */
export function formatSampleSource({ seed, bars, step }: SampleSpec): string {
  return `sample://market?seed=${seed}&bars=${bars}&step=${formatTimeframe(step)}`;
}

/**
 * A synthetic market, for a first run without a file and for tests: the same spec gives the same bars everywhere.
 *
 * Log volatility follows a mean-reverting walk; a return is volatility × (fat-tailed noise + a pull against the sign
 * of the last bars), so that there is a little to learn (a direction accuracy of about 0.53 one bar ahead) and not
 * more. High and low come from eight steps inside the bar, volume from the size of the move and the time of day.
 * Prices are rounded to 0.01 and volumes to 0.001, which also hides last-bit differences of Math between platforms.
 */
export function sampleMarket(spec: Partial<SampleSpec> = {}): Bars {
  const { seed, bars: rows, step } = { ...defaultSample, ...spec };
  const random = normals(seed);
  const bars = {
    time: new Float64Array(rows),
    open: new Float64Array(rows),
    high: new Float64Array(rows),
    low: new Float64Array(rows),
    close: new Float64Array(rows),
    volume: new Float64Array(rows),
    extra: {},
    segment: new Int32Array(rows),
    filled: new Uint8Array(rows),
    step,
  };
  const nominal = 0.006 * Math.sqrt(step / hour);
  let logVol = 0;
  let pull = 0;
  let price = 10_000;
  for (let i = 0; i < rows; i++) {
    const time = sampleStart + i * step;
    logVol = 0.98 * logVol + 0.12 * random();
    const tail = random();
    const sigma = nominal * Math.exp(Math.max(-2, Math.min(2, logVol))) * (tail > 2 ? 2 : 1);
    // Weak pull to a fixed level keeps a long series away from zero and from absurd heights.
    const drift = sigma * -0.12 * Math.tanh(pull) - 0.0002 * nominal * Math.log(price / 10_000);
    const open = round(price, 100);
    let logPrice = Math.log(open);
    let high = open;
    let low = open;
    for (let k = 0; k < 8; k++) {
      logPrice += drift / 8 + (sigma / Math.sqrt(8)) * random();
      const inside = Math.max(0.01, round(Math.exp(logPrice), 100));
      high = Math.max(high, inside);
      low = Math.min(low, inside);
      price = inside;
    }
    const move = Math.log(price / open) / sigma;
    pull = 0.7 * pull + move;
    const daily = 1 + 0.4 * Math.sin((2 * Math.PI * (time % day)) / day);
    bars.time[i] = time;
    bars.open[i] = open;
    bars.high[i] = high;
    bars.low[i] = low;
    bars.close[i] = price;
    bars.volume[i] = round((step / hour) * 100 * daily * Math.exp(0.5 * Math.abs(move) + 0.3 * random()), 1000);
  }
  return bars;
}

/** Standard normal numbers by the polar method (Marsaglia) on mulberry32. */
function normals(seed: number): () => number {
  const uniform = seededRandom(seed);
  let spare = NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = NaN;
      return value;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * factor;
      return u * factor;
    }
  };
}

function round(value: number, perUnit: number): number {
  return Math.round(value * perUnit) / perUnit;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

function invalid(message: string): AppError {
  return new AppError('invalid_config', `data.source: ${message}.`, { issues: [{ path: 'data.source', message }] });
}
