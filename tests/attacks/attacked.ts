import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startTarget, type Target } from './target.ts';
import { type Headers, sendRaw } from './wire.ts';
import { machinePace } from './endurance.ts';

/** Ms of a server's work that one request may make others wait for, at the pace of this machine. */
export const patience = 750 * machinePace();
export const json: Headers = [['Content-Type', 'application/json']];

/** The program that the tests of a file attack: it is started before them, and after each both its servers answer. */
export function attacked(): () => Target {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  });
  afterAll(() => target?.dispose());
  // The start program ends both servers when one of them ends, and starts none again: who answers is who was started.
  afterEach(async () => {
    for (const { port, prefix } of target.servers) {
      expect((await sendRaw(port, { target: `${prefix}/health` })).status).toBe(200);
    }
  });
  return () => target;
}

/** Resident bytes of the sidecar. */
export async function residentBytes({ app }: Target): Promise<number> {
  const { body } = await sendRaw(app.trainerPort, { target: '/system' });
  return Number(/"rss":(\d+)/.exec(body)?.[1]);
}
