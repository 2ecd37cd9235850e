// Program: inspecting [--json] [--rows=3000000]. Seconds until a CSV of one-minute bars is inspected and previewed, the first
// time and when nothing has changed since.
import { createWriteStream, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { dataSchema } from '#core/config/data.ts';
import { inspectData } from '#trainer/data/inspect.ts';
import { createDataDesk } from '#trainer/sidecar/http/data-desk.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rows: { type: 'string', default: '3000000' } },
});
const folder = mkdtempSync(join(tmpdir(), 'almanac-bench-'));
try {
  const path = join(folder, 'bars.csv');
  const file = createWriteStream(path);
  file.write('time,open,high,low,close,volume\n');
  for (let row = 0, close = 100, text = ''; row < Number(values.rows); row++) {
    const open = close;
    close = Math.max(1, open + ((row * 7919) % 201) / 1000 - 0.1);
    const [high, low] = [Math.max(open, close) + 0.05, Math.min(open, close) - 0.05];
    const prices = [open, high, low, close].map((price) => price.toFixed(3)).join(',');
    text += `${1_600_000_000 + 60 * row},${prices},${row % 1000}\n`;
    if (text.length < 1 << 20 && row < Number(values.rows) - 1) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  await finished(file.end());
  // A file of the last two seconds may change again without a sign of it, and is not kept.
  await sleep(2500);
  const { atime, mtime, size } = statSync(path);
  // As long as it takes: the figure is wanted on a busy machine too.
  const desk = createDataDesk([folder], (request, options) => inspectData(request, { ...options, timeoutMs: 600_000 }));
  const data = dataSchema.parse({ source: 'bars.csv' });
  const timed = async (work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    return (performance.now() - began) / 1000;
  };
  const inspect = () => desk.inspect(data, []);
  const row = {
    rows: Number(values.rows),
    mib: size / 2 ** 20,
    inspectFirst: await timed(inspect),
    inspectAgain: await timed(inspect),
    previewFirst: await timed(() => desk.preview(data)),
    previewAgain: await timed(() => desk.preview(data)),
    inspectTouched: 0,
  };
  utimesSync(path, atime, new Date(mtime.getTime() + 1000));
  const touched = { ...row, inspectTouched: await timed(inspect) };
  const s = (seconds: number) => `${seconds.toFixed(seconds < 0.1 ? 4 : 2)} s`;
  process.stdout.write(
    values.json
      ? `${JSON.stringify(touched)}\n`
      : `${row.rows.toLocaleString('en-US')} rows, ${row.mib.toFixed(0)} MiB: inspected in ${s(row.inspectFirst)}, again in ` +
          `${s(row.inspectAgain)}, after a change in ${s(touched.inspectTouched)}; previewed in ${s(row.previewFirst)}, again in ` +
          `${s(row.previewAgain)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
