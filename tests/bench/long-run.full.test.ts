import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('./long-run.ts', import.meta.url));

interface Row {
  readonly task: string;
  readonly peakRssMiB: number;
  readonly answer: number | string;
}

// The bench reads the figures of a process as Linux tells them.
it.skipIf(process.platform !== 'linux')(
  'the sidecar needs less than 300 MiB, whatever is read of a run of a million events',
  { timeout: 3_600_000 },
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--json']);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    expect(rows.length).toBeGreaterThan(10);
    for (const { task, answer, peakRssMiB } of rows) {
      expect.soft([task, typeof answer]).toEqual([task, 'number']);
      expect.soft(peakRssMiB, task).toBeLessThan(300);
    }
  },
);
