import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startApp } from '#tests/support/app.ts';

/** Direct children of a process whose command line ends with this script. */
function childrenRunning(parent: number, script: string): readonly number[] {
  return readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(script));
}

// Process tables are read from /proc here.
it.skipIf(process.platform !== 'linux')(
  'starts a sidecar that was killed again, and ends both on SIGTERM',
  async () => {
    const app = await startApp();
    try {
      const [sidecar = 0] = childrenRunning(app.pid, 'trainer/sidecar/main.ts');
      process.kill(sidecar, 'SIGKILL');
      await expect.poll(() => app.output()).toContain('starting it again');
      const answers = () =>
        fetch(`${app.url}/api/health`).then(
          (answer) => answer.ok,
          () => false,
        );
      await expect.poll(answers).toBe(true);
      expect(childrenRunning(app.pid, 'trainer/sidecar/main.ts')).not.toContain(sidecar);
      await app.stop();
      await expect(fetch(`${app.api}/health`)).rejects.toThrow();
    } finally {
      await app.dispose();
    }
  },
  300_000,
);
