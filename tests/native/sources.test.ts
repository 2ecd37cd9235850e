import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findSources } from '#trainer/native/sources.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

it('fetches the sources from npm where npm has removed the package', async () => {
  const { folder, from } = await findSources(temporaryFolder(), null);
  expect(from).toBe('npm');
  expect(existsSync(join(folder, 'binding', 'tfjs_backend.cc'))).toBe(true);
  expect(existsSync(join(folder, 'dist', 'register_all_kernels.js'))).toBe(true);
});
