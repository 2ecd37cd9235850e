import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** tfjs' wasm module over memory that other threads can see. */
interface SharedModule {
  readonly module: ConstructorParameters<typeof BackendWasm>[0];
  readonly memory: WebAssembly.Memory;
}

/** Emscripten's module before tfjs' functions are put on it. */
type BareModule = SharedModule['module'] & {
  cwrap(name: string, result: 'number' | null, args: readonly 'number'[]): (...args: number[]) => number;
};
type Factory = (settings: Record<string, unknown>) => Promise<BareModule>;

/** Largest heap of a 32-bit wasm module, in pages of 64 KiB; the binary asks for exactly this. */
const maximumPages = 65_536;
const initialPages = 256;

/**
 * Starts tfjs' threaded SIMD build, for its shared memory alone: its own threads serve XNNPACK's kernels only, and tfjs
 * does not start them in Node. Our kernels bring threads of their own (ThreadPool) on the same memory.
 */
export async function openSharedModule(): Promise<SharedModule> {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out');
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages, shared: true });
  const settings = {
    wasmMemory: memory,
    locateFile: (file: string) => join(folder, file),
    // Compiled here: the module's own way reads the file twice.
    instantiateWasm(imports: WebAssembly.Imports, received: (instance: unknown, module: unknown) => void) {
      const compiled = new WebAssembly.Module(readFileSync(join(folder, 'tfjs-backend-wasm-threaded-simd.wasm')));
      received(new WebAssembly.Instance(compiled, imports), compiled);
      return {};
    },
  };
  const module = await loadFactory(folder, require)(settings);
  const call = (name: string, result: 'number' | null, count: number) =>
    module.cwrap(name, result, new Array<'number'>(count).fill('number'));
  // As tfjs' backend_wasm.js sets it up.
  const tfjs = {
    init: call('init', null, 0),
    initWithThreadsCount: call('init_with_threads_count', null, 1),
    getThreadsCount: call('get_threads_count', 'number', 0),
    registerTensor: call('register_tensor', null, 3),
    disposeData: call('dispose_data', null, 1),
    dispose: call('dispose', null, 0),
  };
  return { module: Object.assign(module, { tfjs }), memory };
}

/**
 * The module's script, run with a `require` of ours: it would start eight workers of its own, of which we use none, and
 * put its Worker class into the global object.
 */
function loadFactory(folder: string, require: NodeJS.Require): Factory {
  const file = join(folder, 'tfjs-backend-wasm-threaded-simd.js');
  const holder: { exports: unknown } = { exports: {} };
  const inner = (name: string): unknown => (name === 'worker_threads' ? { Worker: IdleWorker } : require(name));
  const wrapper = runInThisContext(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`,
    { filename: file },
  ) as (...args: unknown[]) => void;
  wrapper(holder.exports, inner, holder, file, folder);
  const factory = holder.exports as Factory;
  return async (settings) => {
    const before: unknown = Reflect.get(globalThis, 'Worker');
    const listening = ['uncaughtException', 'unhandledRejection'].map(
      (event) => [event, process.listeners(event as never)] as const,
    );
    try {
      return await factory(settings);
    } finally {
      Reflect.set(globalThis, 'Worker', before);
      // It also listens for errors of the whole process, only to throw them again: a second error where there was one.
      for (const [event, own] of listening) {
        for (const listener of process.listeners(event as never)) {
          if (!own.includes(listener)) process.removeListener(event, listener);
        }
      }
    }
  };
}

/** Stands where the module expects a worker: it says that it is loaded, and is never given work. */
class IdleWorker {
  onmessage: ((event: { readonly data: { readonly cmd: string } }) => void) | undefined;

  postMessage({ cmd }: { readonly cmd: string }): void {
    if (cmd === 'load') this.onmessage?.({ data: { cmd: 'loaded' } });
    else throw new Error(`tfjs' wasm module asked a thread for ${cmd}; expected it to run on one thread`);
  }

  on(): void {}
  ref(): void {}
  unref(): void {}
  terminate(): void {}
}
