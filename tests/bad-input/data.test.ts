import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { dataSchema } from '#core/config/data.ts';
import {
  type Expected,
  expectFailed,
  expectRefused,
  expectStillWorks,
  expectTerminal,
  runFolders,
} from '#tests/support/bad-input.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { loadBars } from '#trainer/data/load.ts';

const head = 'time,open,high,low,close,volume\n';
const start = Date.UTC(2024, 0, 1);

/** Hourly rows from a function of the row's number. */
function csv(rows: number, row: (i: number, time: string) => string): string {
  const lines = Array.from({ length: rows }, (_, i) => row(i, new Date(start + i * 3_600_000).toISOString()));
  return `${head}${lines.join('\n')}\n`;
}

const source = (name: string) => `data.source=${name}`;

/** Refused before a run is made: the file cannot be the one that was meant. */
const refused: Readonly<Record<string, Expected>> = {
  'missing.csv': {
    code: 'data_not_found',
    path: 'data.source',
    says: ['Found no file "missing.csv"', 'Expected a path relative to', 'check the spelling'],
  },
  'folder.csv': { code: 'data_not_found', path: 'data.source', says: ['"folder.csv"', 'Expected a path'] },
  'notes.pdf': {
    code: 'data_unreadable',
    path: 'data.source',
    says: ['"notes.pdf"', 'a PDF, which is not read', 'save it as CSV'],
  },
  'link.csv': { code: 'data_forbidden', path: 'data.source', says: ['"link.csv"', 'leads out of the data folders'] },
  '/etc/passwd': {
    code: 'data_forbidden',
    path: 'data.source',
    says: ['outside the data folders', 'ALMANAC_DATA_DIRS'],
  },
};

/** The file is there and its content is of no use: the run fails and says why. */
const useless: Readonly<Record<string, { readonly content: string | Buffer } & Expected>> = {
  'nothing.csv': {
    content: '',
    code: 'data_empty',
    says: ['"nothing.csv" has 0 bytes', 'Check that it is the right file'],
  },
  'header.csv': {
    content: head,
    code: 'data_empty',
    says: ['No usable bars', 'no rows', 'Check that it is the right file'],
  },
  'words.csv': {
    content: csv(30, () => 'hello,a,b,c,d,e'),
    code: 'data_empty',
    says: ['No usable bars', 'no row has a readable time', 'the first is "hello"', 'Write times as'],
  },
  'prices.csv': {
    content: csv(300, (_, time) => `${time},x,x,x,x,1`),
    code: 'data_unreadable',
    says: [
      '"open" has 300 of 300 cells that are no numbers',
      'the first "x"',
      'Expected prices such as',
      'Mend the cells',
    ],
  },
  'other.csv': {
    content: 'name,colour\nchair,red\ntable,blue\n',
    code: 'data_unreadable',
    says: ['Found no column for', 'other.csv', 'Say which is what with data.columns'],
  },
  'torn.json': {
    content: '{"time": [1,2',
    code: 'data_unreadable',
    says: ['"torn.json" is no JSON at line 1', 'Expected rows'],
  },
  'text.parquet': {
    content: 'PAR1 nothing PAR1',
    code: 'data_unreadable',
    says: ['no readable Parquet file', 'Check that it is whole'],
  },
  'torn.csv.gz': {
    content: Buffer.from('\x1f\x8bnot gzip', 'latin1'),
    code: 'data_unreadable',
    says: ['no readable gzip file', 'Check that it is whole'],
  },
  'cut.csv.gz': {
    content: gzipSync(csv(2000, (i, time) => `${time},1,1,1,${1 + (i % 7)},1`)).subarray(0, 900),
    code: 'data_unreadable',
    says: ['no readable gzip file', 'Check that it is whole'],
  },
};

test('data that cannot be read is refused or fails the run, each with its reason, and the next run is unharmed', async () => {
  const sidecar = await startTestSidecar('real');
  const folder = join(sidecar.home, 'notebooks');
  mkdirSync(join(folder, 'folder.csv'));
  writeFileSync(join(folder, 'notes.pdf'), 'x');
  symlinkSync('/etc/hostname', join(folder, 'link.csv'));
  writeFileSync(join(folder, 'question.md'), '# A question\n```yaml train\n```\n');

  for (const [name, expected] of Object.entries(refused)) {
    await expectRefused(sidecar, { overrides: [source(name)] }, 422, expected);
    await expectTerminal(sidecar.home, ['question', source(name)], expected);
  }
  expect(runFolders(sidecar.runs)).toEqual([]);

  const ids: string[] = [];
  for (const [name, { content, ...expected }] of Object.entries(useless)) {
    writeFileSync(join(folder, name), content);
    ids.push(await expectFailed(sidecar, { overrides: [source(name)] }, expected));
  }
  await expectTerminal(sidecar.home, ['question', source('other.csv')], useless['other.csv']);
  expect(runFolders(sidecar.runs)).toHaveLength(ids.length + 1);
  await expectStillWorks(sidecar);
  expect(sidecar.warnings).toEqual([]);
});

test('a file that is taken away between the request and the start fails the run with its name', async () => {
  const sidecar = await startTestSidecar('real');
  const path = join(sidecar.home, 'notebooks', 'gone.csv');
  writeFileSync(
    path,
    csv(300, (i, time) => `${time},1,1,1,${1 + (i % 7)},1`),
  );
  const busy = await sidecar.post<{ id: string }>('/runs', {
    overrides: ['train.epochs=10000', 'train.early_stopping=null'],
  });
  await sidecar.until(busy.body.id, ({ status }) => status === 'running');
  const made = await sidecar.post<{ id: string }>('/runs', { overrides: ['data.source=gone.csv'] });
  expect(made.status).toBe(201);
  rmSync(path);
  await sidecar.post(`/runs/${busy.body.id}/cancel`);
  const run = await sidecar.until(made.body.id, ({ status }) => status === 'failed' || status === 'completed');
  expect([run.status, run.reason]).toEqual(['failed', expect.stringContaining('Found no file "gone.csv"')]);
});

test('a file that may not be read is named with the reason of the system and what to do', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const path = join(folder, 'secret.csv');
  writeFileSync(path, head, { mode: 0o000 });
  const load = () => loadBars(dataSchema.parse({ source: 'secret.csv' }), { roots: [folder] });
  const expected = {
    code: 'data_unreadable',
    message: 'The data file "secret.csv" cannot be opened (EACCES). Check its permissions.',
  };
  // Nothing is closed to root, so root reads as nobody here.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await expect(load()).rejects.toMatchObject(expected);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test.skipIf(process.getuid?.() === 0)(
  'a run of a file that may not be read fails (skipped for root, who may)',
  async () => {
    const home = temporaryHome();
    const sidecar = await startTestSidecar('real', home);
    writeFileSync(join(home, 'notebooks', 'secret.csv'), head, { mode: 0o000 });
    await expectFailed(
      sidecar,
      { overrides: ['data.source=secret.csv'] },
      {
        code: 'data_unreadable',
        says: ['"secret.csv" cannot be opened (EACCES)', 'Check its permissions'],
      },
    );
  },
  300_000,
);
