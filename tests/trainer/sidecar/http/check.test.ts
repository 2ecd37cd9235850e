import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CheckLine, readCheckAnswer } from '#core/leaks/check-answer.ts';
import { AppError } from '#core/error.ts';
import type { LeakReport } from '#core/leaks/leak-report.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';
import { lineStream } from '#trainer/sidecar/http/line-stream.ts';

const notebook = `---
title: Loose
---
\`\`\`yaml data
source: sample://market?bars=2000
split: {purge: 0}
\`\`\`
\`\`\`yaml features
timeframes: {1h: {log_return: {}}}
\`\`\`
`;

test('a notebook is checked as a run would see it, and the answer says how far it is', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'notebooks'), { recursive: true });
  writeFileSync(join(home, 'notebooks', 'loose.md'), notebook);
  const sidecar = await startTestSidecar('steady', home);
  const check = (body: object) =>
    fetch(`${sidecar.url}/data/check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  const answer = await check({ notebook: 'loose' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const shares: number[] = [];
  const { findings } = await readCheckAnswer(answer.body!, (share) => shares.push(share));
  expect(findings.map(({ kind }) => kind)).toEqual(['purge', 'purge']);
  expect(shares.at(-1)).toBe(1);

  const tight = await check({ source: notebook, overrides: ['data.split.purge=auto'] });
  expect(await readCheckAnswer(tight.body!)).toMatchObject({ findings: [], unjudged: [], notes: [] });

  // What is wrong with the notebook or its data is a refusal, at its line.
  const refused = await check({ source: notebook, overrides: ['data.split.purge=-1'] });
  expect(refused.status).toBe(422);
  const lost = await check({ source: notebook.replace('sample://market?bars=2000', 'none.csv') });
  const { error } = (await lost.json()) as { error: { code: string; issues: { path: string; line?: number }[] } };
  expect([lost.status, error.code, error.issues[0].path, error.issues[0].line]).toEqual([
    422,
    'data_not_found',
    'data.source',
    5,
  ]);
  expect((await check({ notebook: 'nothing' })).status).toBe(404);
});

const report: LeakReport = { columns: 1, rows: 2, findings: [], unjudged: [], notes: [] };
const logged: unknown[] = [];
type Work = Parameters<typeof lineStream<CheckLine>>[0]['work'];
const lines = (work: Work) =>
  lineStream<CheckLine>({
    work,
    failed: (error) => ({ error }),
    left: new AbortController().signal,
    unknown: 'The check failed.',
    log: (error) => logged.push(error),
  });

test('an error before the first line is thrown, a later one is the last line', async () => {
  const wrong = new AppError('data_empty', 'No bars.');
  await expect(lines(() => Promise.reject(wrong))).rejects.toBe(wrong);
  const later = await lines(async (say) => {
    say({ share: 0.5 });
    await Promise.resolve();
    throw wrong;
  });
  await expect(readCheckAnswer(later)).rejects.toMatchObject({ code: 'data_empty', message: 'No bars.' });
  const ours = new Error('a mistake');
  const broken = await lines(async (say) => {
    say({ share: 0 });
    await Promise.resolve();
    throw ours;
  });
  await expect(readCheckAnswer(broken)).rejects.toMatchObject({ code: 'internal' });
  expect(logged).toEqual([ours]);
});

test('a check ends when who asked for it leaves', async () => {
  let stopped: unknown = null;
  const stream = await lines(
    (say, left) =>
      new Promise((_resolve, reject) => {
        say({ share: 0 });
        left.addEventListener('abort', () => {
          stopped = left.reason;
          reject(left.reason as Error);
        });
      }),
  );
  await stream.cancel();
  expect(stopped).toMatchObject({ code: 'state_conflict' });
});

test('an answer that breaks off is an error', async () => {
  const cut = new Blob([`${JSON.stringify({ share: 0.2 })}\n`]).stream();
  await expect(readCheckAnswer(cut)).rejects.toMatchObject({ message: /ended without a result/ });
  const whole = new Blob([`${JSON.stringify({ share: 1 })}\n${JSON.stringify({ report })}\n`]).stream();
  expect(await readCheckAnswer(whole)).toEqual(report);
});
