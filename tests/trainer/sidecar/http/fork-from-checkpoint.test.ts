import { appendFileSync, cpSync, readdirSync, readFileSync, symlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '#trainer/ml/checkpoint/manifest.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { smallRun } from '#tests/support/run-folder.ts';
import { startTestSidecar, type TestSidecar } from '#tests/support/sidecar.ts';

interface Answer {
  readonly id: string;
  readonly parent: string;
  readonly error: { readonly code: string; readonly message: string; readonly issues?: { path: string }[] };
}

/** A completed run of the real trainer; every test has it as the parent. */
async function trainedParent(): Promise<{ readonly sidecar: TestSidecar; readonly parent: string }> {
  const sidecar = await startTestSidecar('real');
  const made = await sidecar.post<Answer>('/runs', { overrides: [...smallRun, 'train.epochs=2'] });
  await sidecar.until(made.body.id, ({ status }) => status === 'completed');
  return { sidecar, parent: made.body.id };
}

const folders = (sidecar: TestSidecar) =>
  readdirSync(sidecar.runs).filter((name) => /^\.?[0-9a-z]{20,}(?:\.tmp)?$/.test(name));

/** Path and sha256 of every file below a folder. */
function digests(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${join(parentPath, name)} ${sha256(readFileSync(join(parentPath, name)))}`)
    .sort();
}

test('a fork from a checkpoint starts from its weights, says so, and leaves the parent as it was', async () => {
  const { sidecar, parent } = await trainedParent();
  const before = digests(join(sidecar.runs, parent));
  const { status, body } = await sidecar.post<Answer>(`/runs/${parent}/fork`, {
    from: { checkpoint: 'best' },
    overrides: ['train.epochs=1', 'train.optimizer.learning_rate=1e-6', 'train.seed=99', 'model.dropout=0'],
  });
  expect([status, body.parent]).toEqual([201, parent]);
  const child = await sidecar.until(body.id, (run) => run.status === 'completed');
  expect(child.from).toEqual({ checkpoint: 'best' });
  expect((await sidecar.json<{ from: unknown }>(`/runs/${parent}`)).body.from).toBeNull();

  const [start, source, end] = await Promise.all([
    readCheckpoint(join(sidecar.runs, body.id), 'initial'),
    readCheckpoint(join(sidecar.runs, parent, 'checkpoints'), 'best'),
    readCheckpoint(join(sidecar.runs, body.id, 'checkpoints'), 'best'),
  ]);
  expect(start?.files).toEqual(source?.files);
  // One epoch at so small a rate leaves the weights where they began; random ones of another seed would lie elsewhere.
  const weights = (files: typeof start) => {
    const bytes = files?.files['weights.bin'] ?? new Uint8Array();
    return new Float32Array(new Uint8Array(bytes).buffer);
  };
  const [from, to] = [weights(start), weights(end)];
  expect(to.length).toBe(from.length);
  const moved = from.reduce((most, value, i) => Math.max(most, Math.abs(value - to[i])), 0);
  expect(moved).toBeGreaterThan(0);
  expect(moved).toBeLessThan(1e-4);

  const { body: logs } = await sidecar.json<{ lines: { message: string }[] }>(`/runs/${body.id}/logs`);
  expect(logs.lines.map(({ message }) => message).join('\n')).toMatch(/Starting weights: .*epoch \d, step \d+/);
  const { body: artifacts } = await sidecar.json<{ path: string; kind: string }[]>(`/runs/${body.id}/artifacts`);
  expect(artifacts).toContainEqual(expect.objectContaining({ path: 'initial/weights.bin', kind: 'checkpoint' }));
  expect(digests(join(sidecar.runs, parent))).toEqual(before);
  await sidecar.post('/system/reindex');
  expect((await sidecar.json<Answer>(`/runs/${body.id}`)).body.parent).toBe(parent);
});

test('a checkpoint that cannot fit, is not there or is damaged makes no run and says what would', async () => {
  const { sidecar, parent } = await trainedParent();
  const fork = async (from: object, overrides: readonly string[] = []) => {
    const { status, body } = await sidecar.post<Answer>(`/runs/${parent}/fork`, { from, overrides });
    return { status, ...body.error };
  };
  const best = { checkpoint: 'best' };
  const architecture = await fork(best, ['model.architecture=gru']);
  expect([architecture.status, architecture.code]).toEqual([422, 'invalid_config']);
  expect(architecture.message).toBe(
    'model.architecture: expected mlp, as the checkpoint has, received gru. Keep it as it was, or fork without from to ' +
      'start from random weights.',
  );
  const several = await fork(best, ['model.variant=large', 'model.lookback=32', '~targets.tasks.dir']);
  expect(several.issues?.map(({ path }) => path)).toEqual(['model.variant', 'model.lookback', 'targets.tasks']);
  const unknown = await fork({ checkpoint: 'epoch7' });
  expect([unknown.status, unknown.code]).toEqual([404, 'artifact_not_found']);
  expect(unknown.message).toContain('received "epoch7"; it has best, last');
  for (const checkpoint of ['..', '../best', 'best/../../x', '.', 'best.old', 'BEST', '']) {
    expect([checkpoint, (await fork({ checkpoint })).status]).toEqual([checkpoint, 400]);
  }
  expect((await fork({})).status).toBe(400);

  // A stranger's folder under a checkpoint's name, and a link in place of a file.
  const checkpoints = join(sidecar.runs, parent, 'checkpoints');
  symlinkSync(join(checkpoints, 'best'), join(checkpoints, 'linked'));
  expect((await fork({ checkpoint: 'linked' })).status).toBe(404);
  cpSync(join(checkpoints, 'best'), join(checkpoints, 'swapped'), { recursive: true });
  rmSync(join(checkpoints, 'swapped', 'weights.bin'));
  symlinkSync(join(checkpoints, 'best', 'weights.bin'), join(checkpoints, 'swapped', 'weights.bin'));
  expect(await fork({ checkpoint: 'swapped' })).toMatchObject({ status: 422, code: 'checkpoint_damaged' });
  cpSync(join(checkpoints, 'best'), join(checkpoints, 'torn'), { recursive: true });
  appendFileSync(join(checkpoints, 'torn', 'weights.bin'), 'x');
  const torn = await fork({ checkpoint: 'torn' });
  expect([torn.status, torn.code]).toEqual([422, 'checkpoint_damaged']);
  expect(torn.message).toContain('another weights.bin than its manifest says');
  // Weights of another form of the network.
  cpSync(join(checkpoints, 'best'), join(checkpoints, 'newer'), { recursive: true });
  const manifest = join(checkpoints, 'newer', 'manifest.json');
  const written = JSON.parse(readFileSync(manifest, 'utf8'));
  writeFileSync(manifest, JSON.stringify({ ...written, model: { architecture: 'mlp', version: 7 } }));
  const newer = await fork({ checkpoint: 'newer' });
  expect([newer.status, newer.code]).toEqual([422, 'checkpoint_outdated']);
  expect(newer.message).toMatch(/^Checkpoint newer has weights of MLP version 7; this program builds version 1/);
  expect(folders(sidecar)).toEqual([parent]);
});

test('features that the checkpoint does not know make the run fail with their names', async () => {
  const { sidecar, parent } = await trainedParent();
  const { status, body } = await sidecar.post<Answer>(`/runs/${parent}/fork`, {
    from: { checkpoint: 'last' },
    overrides: ['+features.timeframes.1h.roc={}'],
  });
  expect(status).toBe(201);
  const child = await sidecar.until(body.id, (run) => run.status === 'failed' || run.status === 'completed');
  expect(child.status).toBe('failed');
  expect(child.reason).toMatch(/features: expected the \d+ features of the checkpoint, received \d+ \(new: 1h\.roc/);
  expect(child.reason).toContain('Fork without from');
});
