import { statSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort, startApp } from '#tests/support/app.ts';
import { openBrowser } from '#tests/support/browser.ts';
import { writeSelfSigned } from '#tests/support/self-signed.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { followHeld, goAllTheWay, upload } from './journey.ts';
import { findNginx, startNginx } from './nginx.ts';

const name = 'almanac.example';
const token = 'a-token-for-other-machines';
const nginx = findNginx();
if (nginx.path === null) console.warn(`skipped: ${nginx.reason}`);

/** The server block that the README tells people to write. */
function snippet(): string {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const found = /```nginx\n([\s\S]*?)```/.exec(text)?.[1];
  if (found === undefined) throw new Error('the README has no block of nginx');
  return found;
}

/** The same text for these ports and files; fails where the README has none of what is replaced. */
function adapt(text: string, changes: readonly (readonly [string | RegExp, string])[]): string {
  return changes.reduce((so, [from, to]) => {
    const next = so.replace(from, to);
    if (next === so) throw new Error(`the block of the README has no ${String(from)}`);
    return next;
  }, text);
}

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser(`--host-resolver-rules=MAP ${name} 127.0.0.1`);
});
afterAll(() => browser?.close());

describe.skipIf(nginx.path === null)('behind nginx with TLS and HTTP/2, by the lines of the README', () => {
  it.each([
    ['changed, as nginx does by itself', null],
    ['kept as $host, without its port', 'proxy_set_header Host $host;'],
    ['kept as $http_host', 'proxy_set_header Host $http_host;'],
  ])('Host %s: sign-in, run, live events, an upload of 60 MB, a zip', async (_how, header) => {
    const folder = temporaryFolder();
    const files = writeSelfSigned(folder, name);
    const outside = await freePort();
    const origin = `https://${name}:${outside}`;
    const app = await startApp({ env: { ALMANAC_ORIGIN: origin, ALMANAC_TOKEN: token } });
    onTestFinished(() => app.dispose());
    const servers = adapt(snippet(), [
      [/listen 443/, `listen ${outside}`],
      [/ssl_certificate +\S+;/, `ssl_certificate ${files.cert};`],
      [/ssl_certificate_key +\S+;/, `ssl_certificate_key ${files.key};`],
      [/proxy_pass http:\/\/127\.0\.0\.1:4317;/, `proxy_pass http://127.0.0.1:${app.port}; ${header ?? ''}`],
    ]);
    onTestFinished(await startNginx(nginx.path ?? '', join(folder, 'nginx'), servers));

    const page = await goAllTheWay(browser, origin, token);
    expect(
      await page.evaluate(() =>
        performance.getEntriesByType('navigation').map((entry) => 'nextHopProtocol' in entry && entry.nextHopProtocol),
      ),
    ).toEqual(['h2']);
    const [session] = await page.context().cookies();
    expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' });
    expect(await followHeld(page)).toMatch(/^paused: \{.*"type":"status"/);
    expect(await upload(page, 60_000_000)).toEqual({ status: 201, bytes: 60_000_000 });
    expect(statSync(join(app.home, 'notebooks', 'data', 'large.csv')).size).toBe(60_000_000);
    await page.context().close();
  });
});
