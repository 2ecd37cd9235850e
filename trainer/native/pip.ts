import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from './fail.ts';
import { type Finished, lastWords, runCommand } from './command.ts';

/** Python whose wheels are taken; the libraries in them need none. TensorFlow 2.12 to 2.21 all have one for it. */
const python = '311';

/** Platform tags that a wheel of this machine may carry, by Node's name of the processor. */
const platforms: Readonly<Record<string, readonly string[]>> = {
  x64: ['manylinux_2_28_x86_64', 'manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
  arm64: ['manylinux_2_28_aarch64', 'manylinux_2_27_aarch64', 'manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
};

/** Fetches one wheel, without what it depends on, into a folder; returns its path. */
export async function downloadWheel(requirement: string, folder: string, command = 'python3'): Promise<string> {
  const tags = (platforms[process.arch] ?? []).flatMap((platform) => ['--platform', platform]);
  const before = new Set(readdirSync(folder));
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--progress-bar', 'off'];
  const finished = await runCommand(command, [
    ...args,
    '--disable-pip-version-check',
    ...['--dest', folder, ...tags, '--implementation', 'cp', '--python-version', python, requirement],
  ]);
  if (finished === undefined) {
    fail('Python was not found: pip fetches TensorFlow from PyPI. Install python3 with pip, or give --from <wheel>.');
  }
  if (finished.code !== 0) fail(explainPip(finished, requirement));
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl') && !before.has(name));
  if (wheel === undefined) fail(`pip fetched no wheel for ${requirement}: ${lastWords(finished)}`);
  return join(folder, wheel);
}

/** One sentence for what pip says at length. */
export function explainPip(finished: Finished, requirement: string): string {
  const said = `${finished.stderr}\n${finished.stdout}`;
  if (/No module named pip/.test(said)) {
    return 'pip was not found: it fetches TensorFlow from PyPI. Install python3-pip, or give --from <wheel>.';
  }
  if (
    /NewConnectionError|Name or service|name resolution|ConnectTimeout|Network is unreachable|ProxyError/i.test(said)
  ) {
    return `PyPI could not be reached to fetch ${requirement}: check the network, or give --from <wheel>.`;
  }
  if (/No space left/.test(said)) return `The disk is full: ${requirement} could not be fetched.`;
  if (/No matching distribution|Could not find a version/.test(said)) {
    return `PyPI has no ${requirement} for this machine: give another --version, or --from <wheel>.`;
  }
  return `pip could not fetch ${requirement}: ${lastWords(finished)}`;
}
