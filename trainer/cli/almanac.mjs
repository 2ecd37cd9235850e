#!/usr/bin/env node
// Starts itself again on the Node that the package brings where the one that called it is too old for TypeScript files.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const own = fileURLToPath(new URL(`../../node_modules/node/bin/${name}`, import.meta.url));
  if (!existsSync(own)) {
    process.stderr.write(`almanac: needs Node 24, this is ${process.versions.node}. Run npm start once, or npm ci.\n`);
    process.exit(1);
  }
  const { status, signal } = spawnSync(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (signal) process.kill(process.pid, signal);
  process.exit(status ?? 1);
}
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
