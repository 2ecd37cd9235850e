import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program of node_modules or of ours, and what it is called for. */
export interface Program {
  readonly title: string;
  /** Below node_modules; one of ours begins with `trainer/`. */
  readonly script: string;
  readonly args: readonly string[];
}

/** Runs a program to its end, shows what it prints and how long it took; true where it ended well. */
export async function run({ title, script, args }: Program): Promise<boolean> {
  process.stdout.write(`\n▶ ${title}\n`);
  const began = Date.now();
  const ok = (await start(script, args, 'inherit')).ok;
  report(title, ok, began);
  return ok;
}

/** The same where others run beside it: what it prints is shown at its end. */
export async function runQuietly({ title, script, args }: Program): Promise<boolean> {
  const began = Date.now();
  const { ok, printed } = await start(script, args, 'pipe');
  if (printed.trim() !== '' && !ok) process.stdout.write(`\n▶ ${title}\n${printed.trimEnd()}\n`);
  report(title, ok, began);
  return ok;
}

function report(title: string, ok: boolean, began: number): void {
  process.stdout.write(`${ok ? '✓' : '✗'} ${title} (${((Date.now() - began) / 1000).toFixed(0)} s)\n`);
}

function start(script: string, args: readonly string[], output: 'inherit' | 'pipe') {
  const path = script.startsWith('trainer/') ? join(root, script) : join(root, 'node_modules', script);
  return new Promise<{ readonly ok: boolean; readonly printed: string }>((done) => {
    const child = spawn(process.execPath, [path, ...args], { cwd: root, stdio: ['ignore', output, output] });
    let printed = '';
    child.stdout?.on('data', (chunk) => (printed += String(chunk)));
    child.stderr?.on('data', (chunk) => (printed += String(chunk)));
    child.once('error', (error) => done({ ok: false, printed: String(error) }));
    child.once('close', (code) => done({ ok: code === 0, printed }));
  });
}
