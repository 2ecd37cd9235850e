import { readdirSync, readFileSync } from 'node:fs';
import { createApp } from '#trainer/sidecar/app.ts';
import type { Deps } from '#trainer/sidecar/http/deps.ts';

/** One route of a server with its parameters filled in. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** As the router has it. */
  readonly pattern: string;
}

/** What stands for each parameter of a path. A parameter that is not here fails the tests until somebody names one. */
const parameters = (run: string): Readonly<Record<string, string>> => ({
  id: run,
  'path{.+}': 'events.jsonl',
  key: '0123456789abcdef',
  passage: 'p1',
  file: 'swagger-ui.css',
  slug: 'ours',
  kind: 'data',
  run,
  '...path': 'runs',
});

function fill(path: string, pattern: RegExp, run: string): string {
  return path.replaceAll(pattern, (_, name: string) => {
    const value = parameters(run)[name];
    if (value === undefined) throw new Error(`the attacks know no value for the parameter ${name} of ${path}`);
    return value;
  });
}

/** All routes of the sidecar, from the router that serves them. */
export function sidecarRoutes(run: string): readonly Route[] {
  // Routes are told, none is asked: what they would work with need not be there.
  const app = createApp({ guard: { gate: null } } as unknown as Deps);
  const routes = new Map<string, Route>();
  for (const { method, path } of app.routes) {
    if (method === 'ALL') continue;
    const filled = fill(path, /:([\w]+(?:\{[^}]*\})?)/g, run);
    routes.set(`${method} ${filled}`, { method, path: filled, pattern: path });
  }
  return [...routes.values()];
}

/** All routes of the web app, from the files that Kit makes its router of: endpoints by the methods they export, pages as GET. */
export function webRoutes(run: string): readonly Route[] {
  const root = new URL('../../src/routes/', import.meta.url);
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '';
    const path = fill(`/${folder}`, /\[([^\]]+)\]/g, run);
    if (/(^|\/)\+page\.svelte$/.test(name)) return [{ method: 'GET', path, pattern: `/${folder}` }];
    if (!/(^|\/)\+(page\.)?server\.ts$/.test(name)) return [];
    const text = readFileSync(new URL(name, root), 'utf8');
    // The forms of a page.
    if (name.endsWith('+page.server.ts')) {
      return text.includes('export const actions') ? [{ method: 'POST', path, pattern: `/${folder}` }] : [];
    }
    const methods = [...text.matchAll(/export (?:const|async function|function) ([A-Z]+)\b/g)];
    if (methods.length === 0) throw new Error(`${name} exports no method that the attacks can see`);
    return methods.map(([, method]) => ({ method, path, pattern: `/${folder}` }));
  });
}
