import { spawnSync } from 'node:child_process';

export interface Python {
  readonly command: string;
  readonly version: string;
}

/** Minor versions of Python 3 for which all that requirements.txt and talib.txt name has wheels. */
const oldest = 11;
const newest = 13;
const names = ['python3.13', 'python3.12', 'python3.11', 'python3', 'python'];

/** The Python to make the environment with: the one wanted, or the first on the PATH that fits. Throws what was found. */
export function findPython(wanted?: string): Python {
  const found: string[] = [];
  for (const command of wanted === undefined ? names : [wanted]) {
    const version = versionOf(command);
    if (version === undefined) continue;
    const [major, minor] = version.split('.').map(Number);
    if (major === 3 && minor >= oldest && minor <= newest) return { command, version };
    found.push(`${command} is ${version}`);
  }
  const received = found.length > 0 ? found.join(', ') : `no ${wanted ?? 'python3'} on the PATH`;
  throw new Error(
    `The peers need Python 3.${oldest} to 3.${newest}; received: ${received}. ` +
      'Install one, or name it: npm run bench:peers -- --python=<command>.',
  );
}

function versionOf(command: string): string | undefined {
  const program = 'import platform; print(platform.python_version())';
  const { status, stdout } = spawnSync(command, ['-c', program], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
