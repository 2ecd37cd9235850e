import { namesOf } from '#core/names.ts';
import type { EngineDescriptor } from './descriptor.ts';
import { native } from './native.ts';
import { wasm } from './wasm.ts';
import { webgpu } from './webgpu.ts';

/** Every engine a notebook can name, by its name. To add one: its file, a line here, and its driver in trainer/engines. */
const engines = { native, webgpu, wasm } satisfies Readonly<Record<string, EngineDescriptor>>;

export type EngineName = keyof typeof engines;
export const engineNames = namesOf(engines);

/** The engine that `auto` takes where no other is known to work. */
export const fallbackEngine: EngineName = 'wasm';

/** What is known of an engine. */
export function engineOf(name: EngineName): EngineDescriptor {
  return engines[name];
}
