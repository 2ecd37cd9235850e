import type { Context, Hono } from 'hono';
import { refuse } from './error.ts';

/**
 * Answers what no route took: 405 with `Allow` where the path is there for other methods, else 404.
 * @param app asked for its routes at the first such request, when all of them are there.
 */
export function answerMissing(app: Pick<Hono, 'routes'>) {
  let known: readonly Known[] | undefined;
  return (c: Context): Response => {
    known ??= knownPaths(app.routes);
    const matching = known.filter(({ pattern }) => pattern.test(c.req.path));
    // What is written out is meant before what a parameter lets through: /runs/scores is no run.
    const named = matching.filter(({ path }) => path === c.req.path);
    const allowed = new Set((named.length > 0 ? named : matching).map(({ method }) => method));
    if (allowed.size === 0) {
      return refuse(c, 'path_not_found', 'There is nothing here. GET /docs says which paths there are.');
    }
    if (allowed.has('GET')) allowed.add('HEAD');
    const list = [...allowed].sort().join(', ');
    c.header('Allow', list);
    return refuse(c, 'method_not_allowed', `expected ${list}, received ${c.req.method.slice(0, 20)}`);
  };
}

interface Known {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
}

/**
 * Routes by method and path. Middleware is registered for all methods and left out, because it answers nothing itself.
 */
function knownPaths(routes: readonly { readonly method: string; readonly path: string }[]): readonly Known[] {
  return routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => ({ method, path, pattern: new RegExp(`^${path.split('/').map(segment).join('/')}$`) }));
}

/** `:id` is one segment; `:path{.+}` brings its own pattern. */
function segment(text: string): string {
  const parameter = /^:\w+(?:\{(.+)\})?$/.exec(text);
  if (parameter !== null) return parameter[1] ?? '[^/]+';
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
