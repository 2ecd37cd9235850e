import { networkInterfaces } from 'node:os';
import { spawnSync } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startApp } from '#tests/support/app.ts';
import { openBrowser } from '#tests/support/browser.ts';
import { writeSelfSigned } from '#tests/support/self-signed.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { goAllTheWay } from './journey.ts';

const token = 'a-token-for-other-machines';

/** An address of this machine that is not loopback's, made for the test where there is none; null where it may not be. */
function realAddress(): string | null {
  const all = () => Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const find = () => all().find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? null;
  if (find() !== null) return find();
  const ip = (...args: string[]) => spawnSync('ip', args).status === 0;
  ip('link', 'add', 'almanac0', 'type', 'dummy');
  ip('address', 'add', '192.0.2.77/24', 'dev', 'almanac0');
  ip('link', 'set', 'almanac0', 'up');
  return find();
}

const address = realAddress();
if (address === null)
  console.warn('skipped: this machine has no address but loopback, and none could be made (ip link)');

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

describe.skipIf(address === null)('at a real address of this machine', () => {
  it.each([
    ['every address', '0.0.0.0'],
    ['that address', address ?? ''],
  ])('with HOST of %s a browser runs a notebook to its end and takes the checkpoint', async (_name, HOST) => {
    const app = await startApp({ env: { HOST, ALMANAC_TOKEN: token } });
    onTestFinished(() => app.dispose());
    const page = await goAllTheWay(browser, `http://${address}:${app.port}`, token);
    await page.context().close();
  });

  it('so it does over TLS, by certificate and key of our own', async () => {
    const { cert, key } = writeSelfSigned(temporaryFolder(), 'almanac.example');
    const env = { HOST: address ?? '', ALMANAC_TOKEN: token, ALMANAC_TLS_CERT: cert, ALMANAC_TLS_KEY: key };
    const app = await startApp({ env });
    onTestFinished(() => app.dispose());
    const page = await goAllTheWay(browser, `https://${address}:${app.port}`, token);
    const [session] = await page.context().cookies();
    expect(session).toMatchObject({
      name: `almanac_session_${app.port}`,
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
    });
    await page.context().close();
  });
});
