import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** Folders whose code the sidecar runs. */
const folders = ['trainer', ...['access', 'core', 'disk'].map((room) => join('src', room))];

/** Ms of quiet after which a change is told: an editor saves, and a checkout writes, many files at once. */
const quiet = 200;

/** Whether a change of this file, from the folder's own path on, is one of the sidecar's code. */
export function isCode(path: string | null): boolean {
  return path !== null && /\.(ts|mjs|js|wasm)$/.test(path) && !/(^|[\\/])(node_modules|\.[^\\/]+)[\\/]/.test(path);
}

/** Calls `changed` after the code of the sidecar below `project` was changed; the function it returns ends that. */
export function watchCode(project: string, changed: (path: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers: FSWatcher[] = folders.map((folder) =>
    watch(join(project, folder), { recursive: true }, (_event, path) => {
      if (!isCode(path)) return;
      clearTimeout(timer);
      timer = setTimeout(() => changed(join(folder, String(path))), quiet);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
