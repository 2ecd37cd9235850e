// Program: first-metric [--json] [--runs=5]. Starts the sidecar as npm start does, asks for a run of the example
// notebook, and measures the time until its first metric has come over the stream.
import { parseArgs } from 'node:util';
import { startApp } from '#tests/support/app.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '5' } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1)
  throw new Error(`--runs: expected a whole number from 1, received ${values.runs}`);

const app = await startApp({ sidecarOnly: true, env: { ALMANAC_CACHE_LIMIT: '0' } });
const post = async (path: string, body: object) => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(app.api + path, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { id: string };
};

/** Ms from before the request to the first event of this type. */
async function untilEvent(id: string, type: string, began: number): Promise<number> {
  const response = await fetch(`${app.api}/runs/${id}/stream`);
  if (response.body === null) throw new Error('The stream has no body.');
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    // Leaving the loop closes the stream.
    if (text.includes(`event: ${type}\n`)) return performance.now() - began;
  }
  throw new Error(`The stream of run ${id} ended without a ${type}.`);
}

const times: number[] = [];
try {
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    const { id } = await post('/runs', { notebook: 'first-run' });
    times.push(await untilEvent(id, 'metric', began));
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
