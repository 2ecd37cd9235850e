import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readSettings } from '#trainer/settings/settings.ts';
import { Herald } from '#trainer/sidecar/runs/herald.ts';
import { runSummary } from '#tests/support/run-summary.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';
import { until } from '#tests/support/until.ts';

interface Told {
  readonly path: string;
  readonly body: { readonly event: string; readonly text: string; readonly run: { readonly number: number } };
}

/** A server that keeps what it is told; `answer` may refuse. */
async function startHook(answer: (request: IncomingMessage, response: ServerResponse) => void = (_, to) => to.end()) {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      told.push({ path: request.url ?? '', body: JSON.parse(text) as Told['body'] });
      answer(request, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { told, url: `http://127.0.0.1:${port}/secret-path`, host: `127.0.0.1:${port}` };
}

const status = (state: string, at = '2030-01-01T00:00:00.000Z') => [
  { type: 'status', body: JSON.stringify({ type: 'status', state, at }) },
];
const best = { latest: {}, best: { 'val.da': 0.5187, 'test.da': 0.7 } };
const done = runSummary({
  id: 'a',
  name: 'BTC',
  status: 'completed',
  reason: 'all 12 epochs',
  bestEpoch: 2,
  metrics: best,
});

function herald(url: string, part: Partial<ConstructorParameters<typeof Herald>[0]> = {}) {
  const warnings: string[] = [];
  const warn = (message: string, error: unknown) => void warnings.push(`${message}: ${String(error)}`);
  const options = { hooks: [new URL(url)], hosts: [], describe: async () => done, warn, waits: [1, 1] };
  const it = new Herald({ ...options, ...part });
  onTestFinished(() => it.close());
  return { it, warnings };
}

test('whoever is told learns which run ended, how, and the scores that may be seen', async () => {
  const hook = await startHook();
  const { it, warnings } = herald(hook.url);
  it.note('a', status('running'));
  it.note('a', status('completed'));
  await it.settled();
  expect(hook.told).toEqual([
    {
      path: '/secret-path',
      body: {
        event: 'completed',
        text: 'R12 completed: BTC: all 12 epochs · best epoch 2 · validation DA 0.5187',
        content: 'R12 completed: BTC: all 12 epochs · best epoch 2 · validation DA 0.5187',
        run: expect.objectContaining({ id: 'a', number: 12, status: 'completed', stalledSince: null }),
        best: { 'val.da': 0.5187 },
      },
    },
  ]);
  expect(warnings).toEqual([]);
});

test('old news is not told: what the log says of before this start, and a run that goes on by itself', async () => {
  const hook = await startHook();
  const { it } = herald(hook.url, { now: () => new Date('2026-06-01T00:00:00Z') });
  it.note('a', status('completed', '2026-05-31T23:59:59.000Z'));
  await it.settled();
  const queued = herald(hook.url, { describe: async () => runSummary({ status: 'queued' }) });
  queued.it.note('a', status('interrupted'));
  await queued.it.settled();
  expect(hook.told).toEqual([]);
});

test('a stall is told once, and again after the run has spoken', async () => {
  const hook = await startHook();
  const stalled = runSummary({ status: 'running', stalledSince: '2026-01-01T10:20:30.000Z' });
  const { it } = herald(hook.url, { describe: async () => stalled });
  for (const isSilent of [true, true, false, true]) it.noteSilence('a', isSilent);
  await it.settled();
  expect(hook.told.map(({ body }) => body.event)).toEqual(['stalled', 'stalled']);
});

test('one that fails is tried again, in order, and given up aloud without its address', async () => {
  let left = 2;
  const shaky = await startHook((_, to) => to.writeHead(left-- > 0 ? 503 : 200).end());
  const { it, warnings } = herald(shaky.url);
  it.note('a', status('completed'));
  it.note('a', status('completed'));
  await it.settled();
  expect([shaky.told.length, warnings]).toEqual([4, []]);

  const broken = await startHook((_, to) => to.writeHead(500).end());
  const failing = herald(broken.url);
  failing.it.note('a', status('failed'));
  await failing.it.settled();
  expect(broken.told.length).toBe(3);
  expect(failing.warnings).toEqual([
    expect.stringMatching(/^The webhook at 127\.0\.0\.1:\d+ was not told .*: it answered 500$/),
  ]);
  expect(failing.warnings.join()).not.toContain('secret');

  const refusing = await startHook((_, to) => to.writeHead(404).end());
  const refused = herald(refusing.url);
  refused.it.note('a', status('failed'));
  await refused.it.settled();
  expect(refusing.told.length).toBe(1);
});

test('it is led on to hosts of the settings alone', async () => {
  const other = await startHook();
  const leading = await startHook((_, to) => to.writeHead(307, { location: other.url }).end());
  const strict = herald(leading.url);
  strict.it.note('a', status('completed'));
  await strict.it.settled();
  expect(other.told).toEqual([]);
  expect(strict.warnings).toEqual([
    expect.stringContaining(`it leads to ${other.host}, which ALMANAC_WEBHOOK_HOSTS does not name`),
  ]);
  const allowing = herald(leading.url, { hosts: [other.host] });
  allowing.it.note('a', status('completed'));
  await allowing.it.settled();
  expect(other.told.length).toBe(1);

  const round = await startHook((_, to) => to.writeHead(307, { location: '/again' }).end());
  const circling = herald(round.url);
  circling.it.note('a', status('completed'));
  await circling.it.settled();
  expect([round.told.length, circling.warnings.length]).toEqual([4, 1]);
});

test('a run of the sidecar is told when it ends, through the settings', async () => {
  const hook = await startHook();
  const sidecar = await startTestSidecar('quick', undefined, { ALMANAC_WEBHOOK: hook.url });
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await until(
    () => hook.told.length > 0,
    () => 'the hook was not told',
  );
  expect(hook.told).toMatchObject([{ body: { event: 'completed', run: { id, number: 1 } } }]);
});

test('settings name addresses, and may limit their hosts', () => {
  const read = (env: NodeJS.ProcessEnv) => readSettings({ ALMANAC_HOME: '/nowhere', ...env }).webhook;
  expect(read({})).toEqual({ hooks: [], hosts: [] });
  const two = 'https://hooks.example/a http://chat.example:8080/b';
  expect(read({ ALMANAC_WEBHOOK: two }).hooks.map(({ host }) => host)).toEqual(['hooks.example', 'chat.example:8080']);
  expect(() => read({ ALMANAC_WEBHOOK: two, ALMANAC_WEBHOOK_HOSTS: 'hooks.example' })).toThrow(
    'ALMANAC_WEBHOOK calls chat.example:8080, and ALMANAC_WEBHOOK_HOSTS allows hooks.example',
  );
  for (const wrong of ['ftp://a.example/', 'hooks.example', 'https://me:word@a.example/']) {
    const refused = (() => {
      try {
        return read({ ALMANAC_WEBHOOK: wrong });
      } catch (error) {
        return String(error);
      }
    })();
    expect(refused).toContain('ALMANAC_WEBHOOK');
    // An address is a secret.
    expect(refused).not.toContain(wrong);
  }
  expect(() => read({ ALMANAC_WEBHOOK_HOSTS: 'a.example/path' })).toThrow('ALMANAC_WEBHOOK_HOSTS');
});
