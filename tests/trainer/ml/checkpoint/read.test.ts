import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/error.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { writeCheckpoint } from '#trainer/ml/checkpoint/write.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const files = { 'weights.bin': Buffer.from('0123456789abcdef'), 'state.json': Buffer.from('{"step":7}') };
const save = (root: string) => writeCheckpoint(root, 'best', files, { format: 'layers-model', step: 7, epoch: 1 });

describe('reading a checkpoint', () => {
  it('refuses one with any single byte changed, and names the file', async () => {
    const root = temporaryFolder();
    await save(root);
    for (const [name, bytes] of Object.entries(files)) {
      for (let i = 0; i < bytes.length; i++) {
        const changed = Buffer.from(bytes);
        changed[i] ^= 1;
        writeFileSync(join(root, 'best', name), changed);
        const error = await readCheckpoint(root, 'best').catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(AppError);
        expect(error).toMatchObject({ code: 'checkpoint_damaged' });
        expect((error as AppError).message).toContain(name);
        expect((error as AppError).message).not.toContain(root);
      }
      writeFileSync(join(root, 'best', name), bytes);
    }
    expect(await readCheckpoint(root, 'best')).not.toBeNull();
  });

  it('falls back to .old and says so', async () => {
    const root = temporaryFolder();
    await save(root);
    cpSync(join(root, 'best'), join(root, 'best.old'), { recursive: true });
    writeFileSync(join(root, 'best', 'weights.bin'), 'torn');
    const warnings: string[] = [];
    const stored = await readCheckpoint(root, 'best', { warn: (message) => warnings.push(message) });
    expect(stored?.folder).toBe('best.old');
    expect(warnings).toEqual([expect.stringMatching(/weights\.bin.*best\.old/)]);
    rmSync(join(root, 'best'), { recursive: true });
    expect((await readCheckpoint(root, 'best'))?.folder).toBe('best.old');
  });

  it('refuses a manifest that names a file outside its folder', async () => {
    const root = temporaryFolder();
    await save(root);
    const path = join(root, 'best', 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(join(root, 'secret'), 'x');
    manifest.files['../secret'] = { bytes: 1, sha256: 'x' };
    writeFileSync(path, JSON.stringify(manifest));
    await expect(readCheckpoint(root, 'best')).rejects.toMatchObject({ code: 'checkpoint_damaged' });
  });
});
