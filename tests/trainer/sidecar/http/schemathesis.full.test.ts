import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { pythonCommand } from '#tests/support/virtual-environment.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

const config = fileURLToPath(new URL('./schemathesis.toml', import.meta.url));

function output(command: string, args: readonly string[]): Promise<{ code: number | null; text: string }> {
  return new Promise((done, failed) => {
    // It keeps what it found in the folder it is called in.
    const child = spawn(command, args, { cwd: temporaryFolder(), stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.once('error', failed);
    child.once('exit', (code) => done({ code, text }));
  });
}

test(
  'the API answers what its description says, to requests made from it and to others',
  { timeout: 900_000 },
  async () => {
    const schemathesis = pythonCommand('schemathesis==4.32.5', 'schemathesis');
    const sidecar = await startTestSidecar('quick');
    const { code, text } = await output(schemathesis, [
      ...['--config-file', config, 'run', `${sidecar.url}/openapi.json`],
      ...['--max-examples', '25', '--phases', 'examples,coverage,fuzzing', '--request-timeout', '60'],
      // Four texts of any length in one address are more than the head of a request may hold: cut off, or 431 by Node itself.
      ...['--exclude-path', '/runs/table'],
      // An answer that never ends: each would be waited for to the end of its time.
      ...['--exclude-path', '/stream'],
      ...['--suppress-health-check', 'all', '--no-color', '--seed', '1'],
    ]);
    const summary = text.slice(text.indexOf('= SUMMARY ='));
    console.info(/Test cases:[\s\S]*$/.exec(summary)?.[0] ?? text.slice(-2000));
    expect(/= (FAILURES|ERRORS) =[\s\S]*/.exec(text)?.[0] ?? '').toBe('');
    expect(code).toBe(0);
  },
);
