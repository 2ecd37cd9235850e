import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from './fail.ts';

/** Our own C++, compiled into the same binding. */
const ownSources = fileURLToPath(new URL('./binding', import.meta.url));

/** What is changed in tfjs-node's sources, and why; each text occurs once. */
const changes = [
  {
    file: 'tfjs_backend.h',
    from: ' private:\n  TFJSBackend(napi_env env);',
    to: ' public:\n  TFJSBackend(napi_env env);',
    why: 'our functions need the context',
  },
  {
    file: 'tfjs_binding.cc',
    from: '#include "utils.h"\n',
    to: '#include "utils.h"\n#include "graph.h"\n',
    why: 'declares our functions',
  },
  {
    file: 'tfjs_binding.cc',
    from: '#undef EXPORT_INT_PROPERTY\n',
    to: '#undef EXPORT_INT_PROPERTY\n  RegisterGraphFunctions(env, exports, backend);\n',
    why: 'exports our functions',
  },
] as const;

/** Copies tfjs-node's C++ and ours to `folder` and makes the changes. */
export function patchBinding(sources: string, folder: string): void {
  cpSync(join(sources, 'binding'), folder, { recursive: true });
  for (const { file, from, to, why } of changes) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2) fail(`${file} of tfjs-node is not the one of 4.22.0: "${why}" finds no place.`);
    writeFileSync(path, text.replace(from, to));
  }
  for (const name of readdirSync(ownSources)) cpSync(join(ownSources, name), join(folder, name));
}
