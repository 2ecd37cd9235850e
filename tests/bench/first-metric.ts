// Program: first-metric [--json] [--runs=5]. Starts the sidecar as npm start does, asks for a run of the example
// notebook, and measures the time until its first metric has come over the stream.
import { parseArgs } from 'node:util';
import { startApp } from '#tests/support/app.ts';
import { untilEvent } from './until-event.ts';
import { wholeOption } from './whole-option.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '5' } },
});
const runs = wholeOption('runs', values);

const app = await startApp({ sidecarOnly: true, env: { ALMANAC_CACHE_LIMIT: '0' } });
const post = async (path: string, body: object) => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(app.api + path, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { id: string };
};

const times: number[] = [];
try {
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    const { id } = await post('/runs', { notebook: 'first-run' });
    await untilEvent(app.api, id, 'metric');
    times.push(performance.now() - began);
    await post(`/runs/${id}/cancel`, {});
    const path = `${app.api}/runs/${id}`;
    while (((await (await fetch(path)).json()) as { status: string }).status !== 'cancelled') {
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
} finally {
  await app.dispose();
}
const sorted = [...times].sort((a, b) => a - b);
const median = sorted[Math.floor(sorted.length / 2)];
const result = { first: times[0], median, highest: sorted[sorted.length - 1], times };
if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  process.stdout.write(
    `from POST /runs to the first metric: ${seconds(times[0])} for the first run, median ${seconds(median)}, ` +
      `highest ${seconds(result.highest)} of ${runs}\n`,
  );
}
