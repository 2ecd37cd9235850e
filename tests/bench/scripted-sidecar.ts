// Program: a sidecar whose trainers only pretend, so that many runs pass through it in a short time. It prints its URL.
import { fileURLToPath } from 'node:url';
import { readSettings } from '#trainer/settings/settings.ts';
import { startSidecar } from '#trainer/sidecar/main.ts';
import { createLocalLauncher } from '#trainer/sidecar/runs/launcher.ts';

const program = fileURLToPath(new URL('../support/scripted-trainer.ts', import.meta.url));
const sidecar = await startSidecar(readSettings({ ...process.env, TRAINER_PORT: '0' }), {
  launcher: createLocalLauncher(() => ({ SCRIPT: 'quick' }), { program }),
  engines: { absence: (name) => (name === 'wasm' ? undefined : `The ${name} engine is not wanted here.`) },
});
process.stdout.write(`${sidecar.url}\n`);
process.on('SIGTERM', () => void sidecar.close().then(() => process.exit(0)));
