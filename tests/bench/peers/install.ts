// Program: npm run bench:peers [-- --only=training|indicators] [--python=python3.12]. Installs what npm run bench measures
// ours against into the virtual environment .peers: PyTorch and Keras with TensorFlow, for the CPU, and TA-Lib with its C
// library. Does nothing where that is done already.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { completeMark, peerFolder, type PeerSet, pythonOf } from './peer.ts';
import { findPython } from './python.ts';

interface Contents {
  readonly what: string;
  readonly requirements: string;
  readonly size: string;
  /** Each is tried in a process of its own, as they are measured. */
  readonly trials: readonly string[];
}

const sets: Readonly<Record<PeerSet, Contents>> = {
  indicators: {
    what: 'TA-Lib',
    requirements: 'talib.txt',
    size: 'about 20 MB to download and 80 MB on the disk',
    trials: ['import talib; print(f"TA-Lib {talib.__ta_version__.decode()}")'],
  },
  training: {
    what: 'PyTorch, Keras and TensorFlow',
    requirements: 'requirements.txt',
    size: 'about 2.8 GB to download and 6 GB on the disk',
    trials: [
      'import torch; print(f"PyTorch {torch.__version__}: {torch.ones(2, 2).sum().item():.0f} = 4")',
      'import os; os.environ["KERAS_BACKEND"] = "tensorflow"; import keras; print(f"Keras {keras.__version__}")',
    ],
  },
};

const say = (text: string) => void process.stdout.write(`bench:peers: ${text}\n`);

/** Runs a program with its output shown; throws `failure` where it does not end well. */
function run(command: string, args: readonly string[], failure: string): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${failure}${error === undefined ? '' : ` (${error.message})`}`);
}

function install(set: PeerSet, wanted: string | undefined): void {
  const { what, requirements, size, trials } = sets[set];
  const list = fileURLToPath(new URL(requirements, import.meta.url));
  const mark = completeMark(peerFolder, set);
  const digest = createHash('sha256').update(readFileSync(list)).digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === digest) {
    say(`${what} ${set === 'indicators' ? 'is' : 'are'} installed in ${peerFolder} already.`);
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
  say(`installing ${what} from PyPI; ${size} …`);
  run(
    python,
    ['-m', 'pip', 'install', '--no-deps', '--progress-bar=off', '--disable-pip-version-check', '-r', list],
    'pip did not install the peers; its own words stand above. It needs a network that reaches PyPI, half as much disk again ' +
      'as named, and a system for which these versions have wheels (Linux on x86-64 has them). Run npm run bench:peers again ' +
      'to go on.',
  );
  say('trying what was installed …');
  for (const trial of trials)
    run(python, ['-c', trial], `${what} was installed but does not load; the reason stands above.`);
  writeFileSync(mark, digest);
}

function readSets(only: string | undefined): readonly PeerSet[] {
  if (only === undefined) return ['indicators', 'training'];
  if (only === 'indicators' || only === 'training') return [only];
  throw new Error(`--only: expected indicators or training, received ${only}`);
}

try {
  const { values } = parseArgs({ options: { only: { type: 'string' }, python: { type: 'string' } } });
  for (const set of readSets(values.only)) install(set, values.python);
  say('done: npm run bench now measures beside them.');
} catch (error) {
  process.stderr.write(`bench:peers: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
