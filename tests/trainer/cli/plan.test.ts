import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cellResultSchema } from '#core/api/cell-answers.ts';
import { planAnswer } from '#core/api/plan.ts';
import { commandLine } from '#tests/support/command-line.ts';
import { temporaryHome } from '#tests/support/sidecar.ts';

const notebook = `---
title: Mine
---
\`\`\`yaml data
source: sample://market?bars=2000
\`\`\`
`;

test('plan and run --plan say what would happen and make nothing; cell prints what comes of a cell', async () => {
  const home = temporaryHome();
  writeFileSync(join(home, 'notebooks', 'mine.md'), notebook);
  const almanac = (...words: string[]) => commandLine({ ALMANAC_HOME: home }, words);

  const plan = await almanac('plan', 'mine');
  expect([plan.code, plan.out.split('\n')[0]]).toEqual([
    0,
    'runs data, features, targets, model, loss, train · time not known',
  ]);
  expect(await almanac('run', 'mine', '--plan')).toEqual(plan);
  const { out } = await almanac('run', 'mine', '--plan', '--json');
  expect(planAnswer.parse(JSON.parse(out)).cells.map(({ kind }) => kind)).toEqual([
    'data',
    'features',
    'targets',
    'model',
    'loss',
    'train',
  ]);
  expect((await almanac('ls')).out).not.toContain('R1');
  expect(await almanac('plan', 'mine', 'model.lookback=1')).toMatchObject({
    code: 1,
    out: expect.stringContaining('model has a problem'),
  });

  const cell = await almanac('cell', 'targets', 'mine', 'targets.horizon=3');
  expect([cell.code, cell.out]).toEqual([0, expect.stringContaining('without one 3,')]);
  expect(cell.notes).toMatch(/^data: computed in /m);
  const again = await almanac('cell', 'data', 'mine', '--json');
  expect([again.notes, cellResultSchema.parse(JSON.parse(again.out))]).toEqual([
    '',
    expect.objectContaining({ step: 'data' }),
  ]);
  expect((await almanac('cell', 'train', 'mine')).code).not.toBe(0);
});
