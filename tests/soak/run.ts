/**
 * `npm run soak`: the whole application under kills for an hour. Prints at its end events, losses, memory and descriptors, and
 * ends with 1 where anything that was promised did not hold. SOAK_MINUTES (60), SOAK_KILLS (1,000 an hour) and SOAK_SEED
 * change it.
 */
import { KillStorm } from '#tests/support/kill-storm.ts';

function readNumber(name: string, fallback: number): number {
  const text = process.env[name];
  const value = text === undefined || text === '' ? fallback : Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  process.stderr.write(`${name} is "${text}"; expected a number above 0.\n`);
  process.exit(64);
}

const minutes = readNumber('SOAK_MINUTES', 60);
const kills = Math.round(readNumber('SOAK_KILLS', Math.max(1, (minutes * 1000) / 60)));
const seed = Math.round(readNumber('SOAK_SEED', 1 + (Date.now() % 1_000_000)));

/** Most bytes and descriptors that starter, page and sidecar may take at any time. */
const mostBytes = 300 * 2 ** 20;
const mostDescriptors = 200;

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;
const began = performance.now();
const passed = () => (performance.now() - began) / 60_000;

process.stdout.write(`${kills} kills in ${minutes} minutes at least, drawn with SOAK_SEED=${seed}\n`);
let told = 0;
const storm = new KillStorm({
  seed,
  // A kill takes time of its own, until all serves again.
  every: (minutes * 60_000) / kills / 4,
  onKill: ({ total, events, runs, faults }) => {
    if (passed() < told) return;
    told = passed() + 1;
    const now = `${Math.floor(passed())} min: ${total} kills, ${runs} runs, ${events} events, ${faults.length} faults`;
    process.stdout.write(`${now}\n`);
  },
});

try {
  await storm.open();
  await storm.rage(kills, () => passed() >= minutes);
  const report = await storm.close();
  const faults = [...report.faults];
  for (const [name, { rss, descriptors }] of Object.entries(report.most)) {
    if (rss > mostBytes) faults.push(`the ${name} took ${megabytes(rss)}; expected ${megabytes(mostBytes)} at most`);
    if (descriptors > mostDescriptors) faults.push(`the ${name} had ${descriptors} descriptors open`);
  }
  const counts = Object.entries(report.kills).map(([name, count]) => `${count} of the ${name}`);
  const uses = Object.entries(report.most).map(
    ([name, { rss, descriptors }]) => `${name} ${megabytes(rss)}, ${descriptors} descriptors`,
  );
  process.stdout.write(
    [
      `kills: ${storm.total} (${counts.join(', ')}) in ${passed().toFixed(1)} minutes`,
      `runs: ${report.runs}, each with the results of one that was never stopped unless told below`,
      `events: ${report.events}, compared in log, index and a subscriber behind the page`,
      `at most: ${uses.join('; ')}`,
      `faults: ${faults.length}`,
      ...faults.map((fault) => `  ${fault}`),
      '',
    ].join('\n'),
  );
  process.exit(faults.length === 0 ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  await storm.abandon();
  process.exit(1);
}
