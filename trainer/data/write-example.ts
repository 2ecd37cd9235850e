/** Writes notebooks/data/example.csv: 20,000 synthetic minutes. Run: `node trainer/data/write-example.ts`. */
import { writeFile } from 'node:fs/promises';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { minute } from '#core/time/timeframe.ts';

const bars = sampleMarket({ seed: 7, bars: 20_000, step: minute });
const lines = ['time,open,high,low,close,volume'];
for (let i = 0; i < bars.time.length; i++) {
  const time = new Date(bars.time[i]).toISOString().replace(':00.000Z', 'Z');
  lines.push([time, bars.open[i], bars.high[i], bars.low[i], bars.close[i], bars.volume[i]].join(','));
}
const target = new URL('../../notebooks/data/example.csv', import.meta.url);
await writeFile(target, `${lines.join('\n')}\n`);
