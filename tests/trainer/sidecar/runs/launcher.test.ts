import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { until } from '#tests/support/until.ts';
import { createLocalLauncher } from '#trainer/sidecar/runs/launcher.ts';

/** What a trainer that is started by a sidecar with this environment sees of it. */
async function seenBy(env: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const home = temporaryFolder();
  const program = join(home, 'show.mjs');
  writeFileSync(program, 'process.stderr.write(JSON.stringify(process.env));\n');
  const runFolder = join(home, 'run');
  mkdirSync(runFolder);
  const launcher = createLocalLauncher(() => ({ ALMANAC_THREADS: '1' }), { program, env });
  const { identity, end } = await launcher.launch({ runFolder, attempt: 1, nonce: 'n', settings: { TF_OWN: 'set' } });
  await until(
    () => end() !== null && !launcher.isAlive(identity),
    () => 'The program did not end.',
  );
  return JSON.parse(readFileSync(join(runFolder, 'trainer.log'), 'utf8')) as Record<string, string>;
}

it('lets a trainer see what it is measured by, and no secret of its sidecar', async () => {
  const seen = await seenBy({ DEBUG: 'stages', TZ: 'UTC', ALMANAC_TOKEN: 'secret', NODE_OPTIONS: '', OTHER: 'x' });
  expect(seen).toMatchObject({ DEBUG: 'stages', TZ: 'UTC', ALMANAC_THREADS: '1', TF_OWN: 'set' });
  for (const name of ['ALMANAC_TOKEN', 'NODE_OPTIONS', 'OTHER']) expect(seen).not.toHaveProperty(name);
});
