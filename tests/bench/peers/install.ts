// Program: npm run bench:peers [-- --python=python3.12]. Installs PyTorch and Keras with TensorFlow, for the CPU, into the
// virtual environment .peers; what npm run bench measures ours against. Does nothing where that is done already.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { completeMark, peerFolder, pythonOf } from './peer.ts';
import { findPython } from './python.ts';

const requirements = fileURLToPath(new URL('./requirements.txt', import.meta.url));
const say = (text: string) => void process.stdout.write(`bench:peers: ${text}\n`);

/** Runs a program with its output shown; throws `failure` where it does not end well. */
function run(command: string, args: readonly string[], failure: string): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${failure}${error === undefined ? '' : ` (${error.message})`}`);
}

function install(wanted: string | undefined): void {
  const mark = completeMark(peerFolder);
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === digest) {
    say(`PyTorch and Keras are installed in ${peerFolder} already.`);
    return;
  }
  const base = findPython(wanted);
  rmSync(mark, { force: true });
  if (!existsSync(pythonOf(peerFolder))) {
    say(`making a virtual environment in ${peerFolder} with ${base.command} ${base.version} …`);
    run(
      base.command,
      ['-m', 'venv', peerFolder],
      `${base.command} could not make a virtual environment. On Debian and Ubuntu install python3-venv, then run npm run bench:peers again.`,
    );
  }
  const python = pythonOf(peerFolder);
  say('installing PyTorch, Keras and TensorFlow from PyPI; about 2.8 GB to download and 6 GB on the disk …');
  run(
    python,
    ['-m', 'pip', 'install', '--no-deps', '--progress-bar=off', '--disable-pip-version-check', '-r', requirements],
    'pip did not install the peers; its own words stand above. It needs a network that reaches PyPI, 9 GB of disk, and ' +
      'a system for which these versions have wheels (Linux on x86-64 has them). Run npm run bench:peers again to go on.',
  );
  say('trying what was installed …');
  // Each in a process of its own, as they are measured.
  for (const trial of [
    'import torch; print(f"PyTorch {torch.__version__}: {torch.ones(2, 2).sum().item():.0f} = 4")',
    'import os; os.environ["KERAS_BACKEND"] = "tensorflow"; import keras; print(f"Keras {keras.__version__}")',
  ])
    run(python, ['-c', trial], 'The peers were installed but do not load; the reason stands above.');
  writeFileSync(mark, digest);
  say('done: npm run bench now measures beside them.');
}

try {
  install(parseArgs({ options: { python: { type: 'string' } } }).values.python);
} catch (error) {
  process.stderr.write(`bench:peers: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
