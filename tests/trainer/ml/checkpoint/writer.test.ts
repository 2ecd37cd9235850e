import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { openWriter } from '#trainer/ml/checkpoint/writer.ts';

const head = { format: 'layers-model', step: 1, epoch: 1 } as const;

it('writes one checkpoint after the other in its thread, each whole', async () => {
  const root = join(temporaryFolder(), 'checkpoints');
  const writer = openWriter();
  for (const [i, name] of ['best', 'last', 'best'].entries()) {
    const files = { 'weights.bin': Uint8Array.from([i, 2, 3]), 'state.json': Buffer.from('{}') };
    const { bytes, sha256 } = await writer.write({ root, name, files, head: { ...head, step: i } });
    expect(bytes).toBeGreaterThan(5);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const stored = await readCheckpoint(root, name);
    expect(stored?.manifest.step).toBe(i);
    expect([...(stored?.files['weights.bin'] ?? [])]).toEqual([i, 2, 3]);
  }
});

it('hands on the code of an error of the disk, and goes on after it', async () => {
  const home = temporaryFolder();
  writeFileSync(join(home, 'file'), '');
  const writer = openWriter();
  const files = { 'weights.bin': Uint8Array.from([1]) };
  await expect(writer.write({ root: join(home, 'file'), name: 'best', files, head })).rejects.toMatchObject({
    code: expect.stringMatching(/^(EEXIST|ENOTDIR)$/),
  });
  await writer.write({ root: join(home, 'good'), name: 'best', files, head });
  expect(existsSync(join(home, 'good', 'best', 'manifest.json'))).toBe(true);
});
