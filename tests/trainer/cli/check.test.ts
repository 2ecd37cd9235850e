import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leakReportSchema } from '#core/leaks/leak-report.ts';
import { commandLine } from '#tests/support/command-line.ts';
import { temporaryHome } from '#tests/support/sidecar.ts';

const notebook = `---
title: Mine
---
\`\`\`yaml data
source: sample://market?bars=2000
\`\`\`
\`\`\`yaml features
timeframes: {1h: {log_return: {}}}
\`\`\`
`;

test('check says what it looked at; exit code 1 and a line each where there is a sign of a leak', async () => {
  const home = temporaryHome();
  writeFileSync(join(home, 'notebooks', 'mine.md'), notebook);
  const check = (...words: string[]) => commandLine({ ALMANAC_HOME: home }, ['check', ...words]);

  const clean = await check('mine');
  expect([clean.code, clean.out]).toEqual([0, expect.stringMatching(/^no sign of a leak in 5 columns, \d+ rows\n$/)]);
  expect(clean.notes).toContain('looking for leaks');

  const loose = await check('mine', 'data.split.purge=0');
  expect(loose.code).toBe(1);
  expect(loose.out.split('\n')).toEqual([
    expect.stringMatching(/^12 train labels reach into the validation split, the first of /),
    expect.stringMatching(/^12 validation labels reach into the test split, the first of /),
    expect.stringMatching(/^2 signs of a leak in 5 columns, \d+ rows$/),
    '',
  ]);

  const { code, out, notes } = await check('mine', '--json');
  expect([code, notes, leakReportSchema.parse(JSON.parse(out)).findings]).toEqual([0, '', []]);

  expect(await check('nothing')).toMatchObject({ code: 1, out: '' });
  const wrong = await check('mine', 'data.split.purge=-1');
  expect([wrong.code, wrong.notes]).toEqual([1, expect.stringContaining('data.split.purge')]);
});
