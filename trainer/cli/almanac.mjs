#!/usr/bin/env node
// Starts itself again on the Node that the package brings where the one that called it is too old for TypeScript files.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // Half of the time that a command needs to start; a completion is asked for at every press of Tab.
  module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/almanac', import.meta.url)));
  const { main } = await import('./main.ts');
  let lost = 0;
  process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    // Whoever reads it may have seen enough, as head has.
    if (error.code === 'EPIPE') process.exit();
    // A full disk, a terminal that was closed: what is being done goes on, and the exit code tells that words are missing.
    if (lost++ === 0) process.stderr.write(`almanac: what was to be printed is lost (${error.code})\n`);
    process.exitCode = 1;
  });
  process.stderr.on('error', () => undefined);
  process.exitCode = Math.max(await main(process.argv.slice(2)), lost > 0 ? 1 : 0);
} else {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const own = fileURLToPath(new URL(`../../node_modules/node/bin/${name}`, import.meta.url));
  if (!existsSync(own)) {
    process.stderr.write(
      `almanac: expected Node 24, this is ${process.versions.node}. Run npm start once in Almanac's folder, or npm ci.\n`,
    );
    process.exit(1);
  }
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl+C reaches the child by itself, as the terminal sends it to both; what is sent to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`almanac: ${own} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
