import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configOf, smallFeatures } from '#tests/core/dataset/config.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { loadDataset } from '#trainer/process/load-dataset.ts';

/** What is said, and what data.json holds, where a run of these settings has read its data. */
async function load(split: object) {
  const folder = join(temporaryFolder(), 'run');
  mkdirSync(folder);
  const data = { source: 'sample://market?bars=3000', split };
  const said: (readonly [level: string, message: string, alert: boolean])[] = [];
  const say = (level: string, message: string, alert = false) => {
    said.push([level, message, alert]);
  };
  const { settled } = await loadDataset(configOf({ data, features: smallFeatures }), { folder, env: {}, say });
  await settled();
  return { said, leaks: JSON.parse(readFileSync(join(folder, 'data.json'), 'utf8')).leaks };
}

it('a run looks for leaks before it trains, and says that there is no sign of one', async () => {
  const { said, leaks } = await load({});
  expect(leaks).toEqual({ columns: 9, rows: 40, findings: [], unjudged: [], notes: [] });
  expect(said).toContainEqual(['info', 'no sign of a leak in 9 columns, 40 rows.', false]);
  expect(said.filter(([level]) => level === 'warn')).toEqual([]);
});

it('a leak is an alert on the run and stands in data.json; the run goes on', async () => {
  const { said, leaks } = await load({ purge: 0 });
  expect(leaks.findings.map(({ kind, name }: { kind: string; name: string }) => [kind, name])).toEqual([
    ['purge', 'train'],
    ['purge', 'validation'],
  ]);
  expect(said.filter(([, , alert]) => alert).map(([, message]) => message)).toEqual([
    expect.stringMatching(
      /^2 signs of a leak in 9 columns, 40 rows: 12 train labels reach into the validation split, .+ The log has all 2\.$/,
    ),
  ]);
  expect(said).toContainEqual(['warn', leaks.findings[1].message, false]);
});
