import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { openBetterSqlite } from '#trainer/sidecar/db/better-sqlite.ts';
import { connectDatabase } from '#trainer/sidecar/db/connect.ts';
import { IndexFile } from '#trainer/sidecar/db/index-file.ts';
import { insertKey } from '#trainer/sidecar/db/key-rows.ts';

const key = { key: 'k', body_sha256: 'a', run_id: 'r', created_at: '2026-01-01' };

/** A closed index with a key in it. */
async function makeIndex(): Promise<{ readonly runsFolder: string; readonly path: string }> {
  const runsFolder = temporaryFolder();
  const path = join(runsFolder, 'almanac.db');
  const db = await connectDatabase(path);
  for (let at = 0; at < 400; at++) await insertKey(db, { ...key, key: `k${at}`, body_sha256: 'x'.repeat(200) });
  await db.destroy();
  return { runsFolder, path };
}

async function keys(file: IndexFile): Promise<number> {
  return (await file.db.selectFrom('keys').selectAll().execute()).length;
}

/** Puts what cannot be read in a file's place. */
function overwrite(path: string, from: number, bytes: Buffer): void {
  const text = readFileSync(path);
  bytes.copy(text, from);
  writeFileSync(path, text);
}

const garbage = Buffer.alloc(4096, 'no database ');

/** Ways in which an index can be damaged. */
const damages: Readonly<Record<string, (path: string) => void | Promise<void>>> = {
  'a header of garbage': (path) => overwrite(path, 0, garbage.subarray(0, 100)),
  'nothing but garbage': (path) => writeFileSync(path, garbage),
  'half of the file': (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2 / 4096) * 4096),
  'a file cut within a page': (path) => truncateSync(path, readFileSync(path).length - 1000),
  'pages of garbage': (path) => {
    for (let at = 4096; at + 4096 <= readFileSync(path).length; at += 4096) overwrite(path, at, garbage);
  },
  'a bad page of a table that every request needs': (path) =>
    overwrite(path, Math.floor(readFileSync(path).length / 2 / 4096) * 4096, garbage),
  'the schema of another program': async (path) => {
    rmSync(path);
    const other = await openBetterSqlite(path);
    other.prepare('create table runs (id text, colour text)').run([]);
    other.close();
  },
  'a table that is gone': async (path) => {
    const db = await openBetterSqlite(path);
    db.prepare('drop table points').run([]);
    db.close();
  },
  'a newer version': async (path) => {
    const db = await openBetterSqlite(path);
    db.prepare(`insert into kysely_migration values ('9999-later', '2030-01-01T00:00:00.000Z')`).run([]);
    db.close();
  },
  'a folder in its place': (path) => {
    rmSync(path);
    mkdirSync(join(path, 'inside'), { recursive: true });
  },
  'a FIFO in its place': (path) => {
    rmSync(path);
    if (spawnSync('mkfifo', [path]).status !== 0) mkdirSync(path);
  },
  'a link to nowhere': (path) => {
    rmSync(path);
    symlinkSync('/nowhere/at/all', path);
  },
  'a folder in the place of its log': (path) => mkdirSync(`${path}-wal`),
  'a folder in the place of its shared memory': (path) => mkdirSync(`${path}-shm`),
  'an index that a failed migration left half': async (path) => {
    const db = await openBetterSqlite(path);
    db.prepare(`delete from kysely_migration where name = '0003-log-checks'`).run([]);
    db.close();
  },
};

test.each(Object.entries(damages))('%s is set aside whole, and an empty index is begun', async (_how, damage) => {
  const { runsFolder, path } = await makeIndex();
  await damage(path);
  const before = readdirSync(runsFolder).filter((name) => name.startsWith('almanac.db'));
  const file = await IndexFile.open({ runsFolder, now: () => new Date('2026-11-30T18:00:00.123Z') });
  expect(file.note).toContain('was set aside as almanac.db.damaged-20261130T180000Z');
  expect(await keys(file)).toBe(0);
  await insertKey(file.db, key);
  await file.db.destroy();
  const aside = readdirSync(runsFolder).filter((name) => name.includes('.damaged-'));
  expect(aside).toEqual(
    expect.arrayContaining(before.map((name) => name.replace('.db', '.db.damaged-20261130T180000Z'))),
  );

  // It is said once: the new one is sound.
  const again = await IndexFile.open({ runsFolder });
  expect([again.note, await keys(again)]).toEqual([null, 1]);
  await again.db.destroy();
});

test.each([
  ['a log of garbage', (path: string) => writeFileSync(`${path}-wal`, garbage)],
  ['shared memory of garbage', (path: string) => writeFileSync(`${path}-shm`, garbage)],
  ['a journal of garbage', (path: string) => writeFileSync(`${path}-journal`, garbage)],
])('%s beside a sound index is no damage', async (_how, damage) => {
  const { runsFolder, path } = await makeIndex();
  damage(path);
  const file = await IndexFile.open({ runsFolder });
  expect([file.note, await keys(file)]).toEqual([null, 400]);
  await file.db.destroy();
});

test('an index that may not be written is set aside as well', async () => {
  const { runsFolder, path } = await makeIndex();
  // As root every file may be written, so the driver opens this one as the system would let anybody else do.
  const { default: BetterSqlite } = await import('better-sqlite3');
  const isAside = () => readdirSync(runsFolder).some((name) => name.includes('damaged'));
  const open = async (name: string) => new BetterSqlite(name, { readonly: name === path && !isAside() });
  const file = await IndexFile.open({ runsFolder, open });
  expect(file.note).toContain('SQLITE_READONLY');
  expect(await keys(file)).toBe(0);
  await file.db.destroy();
});

test('an index that another program holds is not set aside: the start says so', async () => {
  const { runsFolder, path } = await makeIndex();
  const other = await openBetterSqlite(path);
  other.prepare('pragma locking_mode=EXCLUSIVE').all([]);
  other.prepare('begin exclusive').run([]);
  const impatient = async (name: string) => {
    const connection = await openBetterSqlite(name);
    const { prepare } = connection;
    return Object.assign(connection, {
      prepare: (text: string) => prepare.call(connection, text.replace('busy_timeout=5000', 'busy_timeout=1')),
    });
  };
  await expect(IndexFile.open({ runsFolder, open: impatient })).rejects.toThrow('no other program has the file open');
  other.prepare('rollback').run([]);
  other.close();
  const file = await IndexFile.open({ runsFolder });
  expect([file.note, await keys(file)]).toEqual([null, 400]);
  await file.db.destroy();
});

test('damage that shows while it serves is told, and the exchange sets the file aside', async () => {
  const { runsFolder, path } = await makeIndex();
  const file = await IndexFile.open({ runsFolder });
  await sql`pragma wal_checkpoint(truncate)`.execute(file.db);
  const told: string[] = [];
  file.onDamage((error) => told.push(error.message));
  for (let at = 8192; at + 4096 <= readFileSync(path).length; at += 4096) overwrite(path, at, garbage);
  await sql`pragma shrink_memory`.execute(file.db);
  await expect(keys(file)).rejects.toThrow();
  expect(told).not.toEqual([]);
  const draft = await file.draft();
  await insertKey(draft, key);
  const note = await file.exchange(draft, async () => undefined);
  expect(note).toContain('set aside as almanac.db.damaged-');
  expect(await keys(file)).toBe(1);
  await file.db.destroy();
  expect(readdirSync(runsFolder).some((name) => /^almanac\.db\.damaged-\d{8}T\d{6}Z$/.test(name))).toBe(true);
});

test('a draft that is given up leaves the index as it was, and nothing beside it', async () => {
  const { runsFolder } = await makeIndex();
  const file = await IndexFile.open({ runsFolder });
  const draft = await file.draft();
  const failing = file.exchange(draft, async () => {
    throw new Error('on purpose');
  });
  await expect(failing).rejects.toThrow('on purpose');
  await file.discard(draft);
  expect(await keys(file)).toBe(400);
  expect(readdirSync(runsFolder).filter((name) => name.includes('.new'))).toEqual([]);
  await file.db.destroy();
});
