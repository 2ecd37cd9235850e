import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '#tests/support/almanac.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { childrenOf } from '#tests/support/process-table.ts';
import { isListening } from '#trainer/starter/port.ts';
import { exitStatus } from '#trainer/exit-status.ts';

const scripts = { sidecar: 'trainer/sidecar/main.ts', page: 'trainer/web.ts' } as const;

/** The one child of a process that runs this script; null where there is none. */
function childOf(parent: number, script: string): number | null {
  const running = childrenOf(parent, script);
  expect(running.length).toBeLessThan(2);
  return running[0] ?? null;
}

async function start(): Promise<App> {
  const app = await startApp();
  onTestFinished(() => app.dispose());
  return app;
}

const answers = (url: string) =>
  fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
const listens = async ({ port, trainerPort }: App) => [
  await isListening('127.0.0.1', port),
  await isListening('127.0.0.1', trainerPort),
];

// Process tables are read from /proc here.
test.skipIf(process.platform !== 'linux')(
  'page and sidecar are started again alike, which is said, a second start is refused, and SIGTERM ends both',
  async () => {
    const app = await start();
    for (const [title, script] of Object.entries(scripts)) {
      const before = childOf(app.pid, script);
      process.kill(before ?? NaN, 'SIGKILL');
      await expect.poll(() => app.output()).toContain(`the ${title} ended (SIGKILL); starting it again`);
      await expect.poll(() => answers(`${app.url}/api/health`)).toBe(true);
      expect(childOf(app.pid, script)).not.toBe(before);
    }
    const second = await runProgram('trainer/start.ts', [], {
      ALMANAC_HOME: app.home,
      PORT: String(app.port),
      TRAINER_PORT: String(app.trainerPort),
    });
    expect([second.code, second.out]).toEqual([exitStatus.taken, '']);
    expect(second.notes).toMatch(
      new RegExp(`^almanac: Another Almanac \\(process ${app.pid}, since .* and serves it at ${app.url}/\\. .*\\n$`),
    );
    expect(await app.stop()).toBe(0);
    expect(await listens(app)).toEqual([false, false]);
  },
);

test.skipIf(process.platform !== 'linux')(
  'page and sidecar end by themselves when the starter is killed, and the next start has home and ports',
  async () => {
    const app = await start();
    const children = Object.values(scripts).map((script) => childOf(app.pid, script));
    await app.kill();
    const living = () => children.filter((pid) => pid !== null && isAlive(pid));
    await expect.poll(living).toEqual([]);
    expect(await listens(app)).toEqual([false, false]);
    const next = await startApp({ home: app.home });
    expect(await next.stop()).toBe(0);
  },
);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
