import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, installPackage } from '#tests/support/debian-package.ts';
import { until } from '#tests/support/until.ts';

/** nginx, or why there is none. */
export function findNginx(): { readonly path: string } | { readonly path: null; readonly reason: string } {
  const find = () => findProgram(['nginx']);
  const path = find() ?? (installPackage('nginx', 'the tests behind a proxy') ? find() : null);
  if (path !== null) return { path };
  return { path: null, reason: 'nginx was not found and could not be installed (Debian: apt-get install nginx)' };
}

/** Serves these server blocks from a folder of its own until the function that is returned is called. */
export async function startNginx(program: string, folder: string, servers: string): Promise<() => Promise<void>> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  mkdirSync(folder, { recursive: true });
  const config = `
    daemon off;
    master_process off;
    pid ${folder}/nginx.pid;
    error_log stderr warn;
    events {}
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${join(folder, name)};`).join('\n      ')}
      ${servers}
    }
  `;
  writeFileSync(join(folder, 'nginx.conf'), config);
  let printed = '';
  const child: ChildProcess = spawn(program, ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.on('data', (chunk) => (printed += chunk));
  const ports = [...servers.matchAll(/listen\s+(?:[\d.]+:)?(\d+)/g)].map(([, port]) => Number(port));
  const failure = () => `nginx did not start:\n${printed}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(failure());
    return (await Promise.all(ports.map(isListening))).every(Boolean);
  }, failure);
  return () =>
    new Promise((done) => {
      child.once('exit', () => done());
      child.kill('SIGTERM');
    });
}

async function isListening(port: number): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
