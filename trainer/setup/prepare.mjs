// Brings a fresh clone to where it runs: installs when node_modules does not match the lock, builds when sources changed.
// Plain JavaScript without dependencies, because it runs before anything is installed and on whatever Node is there.
// Usage: node trainer/setup/prepare.mjs install | build | test
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = join(root, 'node_modules');
const goal = process.argv[2] ?? 'install';
const oldestNode = 20;
const wantedNode = 24;

/** @param {string} text */
const say = (text) => process.stderr.write(`almanac: ${text}\n`);

/** @param {string} text @param {number} [status] @returns {never} */
function stop(text, status = 1) {
  say(text);
  process.exit(status);
}

/**
 * @param {string[]} args
 * @param {{quiet?: boolean, timeout?: number}} [options]
 */
function npm(args, options = {}) {
  // The npm that started this script, so that no other one on the PATH is taken by accident.
  const cli = process.env.npm_execpath;
  const [command, head] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const result = spawnSync(command, [...head, ...args, '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: options.quiet ? 'pipe' : ['ignore', 'inherit', 'inherit'],
    encoding: 'utf8',
    timeout: options.timeout,
    shell: command === 'npm' && process.platform === 'win32',
  });
  return result.status === 0;
}

const lock = join(root, '.svelte-kit', 'setup.lock');
let isOurTurn = false;

/** Ms after which a lock that names nobody was left by a process that died while it wrote it. */
const patience = 5000;

/**
 * Takes the lock of this checkout, so that two set-ups at once (`npm start` beside `npm test`) do not write the same
 * folders. A lock whose owner is gone is taken over; it is given back when this process ends. Not taken where nothing is to
 * be done, so that a checkout of somebody else, or one that is read-only, can be served.
 */
function takeTurn() {
  if (isOurTurn) return;
  try {
    mkdirSync(dirname(lock), { recursive: true });
    for (let waited = 0; !takeLock(); waited++) {
      const owner = readOwner();
      if (owner === 'gone') rmSync(lock, { force: true, recursive: true });
      else if (waited === 0 && owner !== 'unknown') say(`waiting for another set-up (process ${owner}) to finish …`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!['EROFS', 'EACCES', 'EPERM'].includes(code)) throw error;
    stop(
      `packages or page of ${root} are not up to date, and this user may not write there (${code}). ` +
        'Run "node trainer/setup/prepare.mjs build" there as its owner.',
      code === 'EROFS' ? 73 : 77,
    );
  }
  isOurTurn = true;
  process.on('exit', () => rmSync(lock, { force: true }));
}

function takeLock() {
  try {
    writeFileSync(lock, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Process id of who has the lock; `gone` where that one has ended, `unknown` where it cannot be told yet. */
function readOwner() {
  const stat = statSync(lock, { throwIfNoEntry: false });
  if (stat === undefined) return 'unknown';
  const [pid, start] = stat.isFile() ? readFileSync(lock, 'utf8').split(' ') : [];
  if (!/^\d+$/.test(pid ?? '')) return Date.now() - stat.mtimeMs > patience ? 'gone' : 'unknown';
  return isAlive(Number(pid)) && (!start || start === startOf(Number(pid))) ? pid : 'gone';
}

/** When a process began, so that another with its id is not taken for it. Empty where only Linux would tell. @param {number} pid */
function startOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '';
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Does a step unless it is done, or was done by another set-up while this one waited.
 * @param {() => boolean} isDone
 * @param {() => void} work
 */
function step(isDone, work) {
  if (isDone()) return;
  takeTurn();
  if (!isDone()) work();
}

/** Does what is installed equal what the lock says? Packages for other platforms are allowed to be absent. */
function isInstalled() {
  const installed = join(modules, '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path];
    const mayBeAbsent = entry.optional || entry.devOptional || entry.peer;
    if (found ? found.version !== entry.version : !mayBeAbsent) return false;
  }
  return true;
}

const bundledNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

function hasNode24() {
  return existsSync(bundledNode) && statSync(bundledNode).size > 1_000_000;
}

function install() {
  step(isInstalled, () => {
    say('installing packages (once, about half a minute) …');
    // Without scripts: a plain `npm ci` would compile better-sqlite3, which ships its binary, and needs a compiler then.
    if (!npm(['ci', '--ignore-scripts', '--loglevel=error'])) {
      stop('installing failed; the lines above say why. Is the npm registry reachable and the disk not full?');
    }
  });
  step(hasNode24, () => {
    npm(['rebuild', 'node', '--loglevel=error'], { quiet: true });
    const major = Number(process.versions.node.split('.')[0]);
    if (!hasNode24() && major < wantedNode) {
      stop(
        `Node ${wantedNode} is needed and the npm package "node" has no build for ${process.platform}-${process.arch}. ` +
          `Install Node ${wantedNode} or newer and try again (this is ${process.versions.node}).`,
      );
    }
  });
}

/** The native engine is optional: its own install downloads libtensorflow, which may be refused. Tried once a lock. */
function installNative() {
  const folder = join(modules, '@tensorflow', 'tfjs-node-gpu');
  const stamp = join(modules, '.almanac-native');
  const key = digest([join(root, 'package-lock.json')]);
  if (process.env.ALMANAC_SKIP_NATIVE || !existsSync(folder)) return;
  step(
    () => hasStamp(stamp, key),
    () => {
      say('trying the optional native engine (ALMANAC_SKIP_NATIVE=1 skips this) …');
      const args = ['rebuild', '@tensorflow/tfjs-node-gpu', '--loglevel=error'];
      const built = npm(args, { quiet: true, timeout: 600_000 });
      writeFileSync(stamp, `${key} ${built ? 'built' : 'failed'}\n`);
      say(
        built
          ? 'native engine installed'
          : 'its own download of TensorFlow failed; "npm run engine:native" builds the native engine, without it WASM trains',
      );
    },
  );
}

/** Whether what a stamp stands for was made from the sources with this digest. @param {string} stamp @param {string} key */
function hasStamp(stamp, key) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8').startsWith(key);
}

/** Runs a script of a package under the Node that the project uses; answers how it ended. @param {string[]} args @param {string} cwd */
function runNode(args, cwd) {
  const node = hasNode24() ? bundledNode : process.execPath;
  return spawnSync(node, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}

/** @param {string[]} files */
function digest(files) {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Compiles the wasm engine's kernels, which are written in AssemblyScript, unless that was done from the same sources. */
function buildKernels() {
  const folder = join(root, 'trainer', 'engines', 'wasm');
  const target = join(folder, 'kernels.wasm');
  const stamp = join(modules, '.almanac-kernels');
  const compiler = join(modules, 'assemblyscript');
  const key = digest([...filesBelow(join(folder, 'assembly')), join(compiler, 'package.json')]);
  step(
    () => existsSync(target) && hasStamp(stamp, key),
    () => {
      say('compiling the kernels of the wasm engine …');
      const args = [join(compiler, 'bin', 'asc.js'), 'kernels.ts', '--config', 'asconfig.json'];
      const result = runNode(args, join(folder, 'assembly'));
      if (result.status !== 0) {
        stop(`compiling the kernels failed (${result.error?.message ?? result.signal ?? 'the lines above say why'}).`);
      }
      writeFileSync(stamp, key);
    },
  );
}

function build() {
  const sources = [
    ...filesBelow(join(root, 'src')),
    ...['svelte.config.js', 'vite.config.ts', 'package.json', 'package-lock.json'].map((name) => join(root, name)),
  ];
  const key = digest(sources);
  const stamp = join(root, 'build', '.sources');
  step(
    () => hasStamp(stamp, key),
    () => {
      say('building the web app …');
      const result = runNode([join(modules, 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error'], root);
      if (result.status !== 0) stop('the build failed; the lines above say why.');
      mkdirSync(dirname(stamp), { recursive: true });
      writeFileSync(stamp, key);
    },
  );
}

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  stop(`Node ${oldestNode} or newer is needed to set up (this is ${process.versions.node}).`);
}
install();
buildKernels();
if (goal === 'build') installNative();
if (goal === 'build' || goal === 'test') build();
