import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a program ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly notes: string;
}

const program = fileURLToPath(new URL('../../trainer/cli/almanac.mjs', import.meta.url));

/** Runs a file under Node to its end, with these variables and no others but PATH. */
export function runProgram(file: string, args: readonly string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [file, ...args], { env: { PATH: process.env['PATH'], ...env } });
    let [out, notes] = ['', ''];
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    child.stderr.on('data', (chunk) => (notes += String(chunk)));
    child.once('close', (code) => done({ code, out, notes }));
  });
}

/** `almanac <args>` on this home. */
export function almanac(home: string, ...args: readonly string[]): Promise<Ended> {
  return runProgram(program, args, { ALMANAC_HOME: home });
}
