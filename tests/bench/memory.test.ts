import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { scale } from '#tests/support/scale.ts';

const runs = scale(100, 40);
const program = fileURLToPath(new URL('./memory.ts', import.meta.url));

it(
  `the sidecar keeps at most 1.2 times the memory after run ${runs} that it had after run 20`,
  { timeout: 300_000 },
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--json', `--runs=${runs}`]);
    const { runs: made, earlyRss, lateRss } = JSON.parse(stdout) as Record<string, number>;
    expect(made).toBe(runs);
    expect(earlyRss).toBeGreaterThan(0);
    expect(lateRss / earlyRss).toBeLessThanOrEqual(1.2);
  },
);
