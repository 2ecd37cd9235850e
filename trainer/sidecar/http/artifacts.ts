import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { artifactsAnswer } from '#core/api/run-answers.ts';
import { artifactQuery } from '#core/api/run-requests.ts';
import { AppError } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';
import { listArtifacts } from '#trainer/sidecar/runs/artifact-list.ts';
import { zipCheckpoint } from '#trainer/sidecar/runs/checkpoint-zip.ts';
import { requireUnsealed, rowsOfSplit } from '#trainer/sidecar/runs/sealed-files.ts';
import { openRunFile, type RunFile } from '#trainer/run-folder/open-file.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';
import { parseRange } from './range.ts';

const types: Readonly<Record<string, string>> = {
  json: 'application/json',
  jsonl: 'application/jsonl',
  csv: 'text/csv; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  yaml: 'application/yaml',
  log: 'text/plain; charset=utf-8',
};

/** The files of a run. Whatever they hold, a browser only ever saves them. */
export function artifactRoutes(deps: Deps) {
  return new Hono()
    .get(
      '/:id/artifacts',
      describe({
        id: 'listArtifacts',
        tag: 'Runs',
        summary: 'Files of a run',
        answers: { 200: artifactsAnswer },
        refuses: [404],
      }),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        return c.json([...(await listArtifacts(join(deps.runsFolder, run.id)))], 200);
      },
    )
    .get(
      '/:id/artifacts/:path{.+}',
      describe({
        id: 'downloadArtifact',
        tag: 'Runs',
        summary:
          'Download a file of a run; a checkpoint folder with ?archive=zip. What tells of a sealed test is refused: sealed',
        answers: {
          200: { description: 'The bytes, under the media type of the file', content: { '*/*': null } },
          206: { description: 'The range that was asked for', content: { '*/*': null } },
          304: { description: 'If-None-Match names the file as it is', content: {} },
          416: { description: 'No such range of bytes', content: {} },
        },
        refuses: [404, 409],
        headers: {
          Range: { description: 'One range of bytes', schema: { type: 'string', examples: ['bytes=0-1023'] } },
        },
      }),
      query(artifactQuery),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        const folder = join(deps.runsFolder, run.id);
        const path = artifactPath(c);
        const { archive, split } = c.req.valid('query');
        if (archive !== undefined) {
          const name = /^checkpoints\/([^/]+)\/?$/.exec(path)?.[1];
          if (name === undefined) {
            const message = 'There is no folder here to pack: archive=zip is for checkpoints/<name>.';
            throw new AppError('artifact_not_found', message);
          }
          const { stream, bytes } = await zipCheckpoint(folder, name);
          headers(c, `R${run.number}-${name}.zip`, 'application/zip');
          c.header('Content-Length', String(bytes));
          if (c.req.method !== 'HEAD') return c.body(stream as ReadableStream<Uint8Array<ArrayBuffer>>, 200);
          await stream.cancel();
          return c.body(null, 200);
        }
        if (split !== undefined && path !== runFiles.predictions) {
          const message = `There are no rows of a split here: split=${split} is for ${runFiles.predictions}.`;
          throw new AppError('artifact_not_found', message);
        }
        const file = await openRunFile(folder, path);
        if (split !== undefined) return sendRows(c, run.number, path, file, rowsOfSplit(file, split));
        try {
          await requireUnsealed(run, path, file);
        } catch (error) {
          await file.handle.close();
          throw error;
        }
        return sendFile(c, run.number, path, file);
      },
    );
}

/** The path as the client wrote it, decoded once; what is left encoded after that is a character of the name. */
function artifactPath(c: Context): string {
  const { pathname } = new URL(c.req.url);
  const raw = pathname.slice(pathname.indexOf('/artifacts/') + '/artifacts/'.length);
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new AppError('artifact_not_found', 'There is no such artifact in this run.');
  }
}

function headers(c: Context, name: string, type: string): void {
  const ascii = name.replaceAll(/[^\w.-]/g, '_');
  c.header('Content-Type', type);
  c.header('Content-Disposition', `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`);
  c.header('Content-Security-Policy', "sandbox; default-src 'none'");
  c.header('Cache-Control', 'no-cache');
}

/** Name of a download: files of two runs differ by name in a folder of downloads. */
function savedAs(number: number, path: string): string {
  return `R${number}-${path.split('/').at(-1) ?? path}`;
}

/** A part of a file, made while it is sent: it has no length, ranges or digest of its own. */
async function sendRows(
  c: Context,
  number: number,
  path: string,
  file: RunFile,
  rows: AsyncGenerator<string>,
): Promise<Response> {
  headers(c, savedAs(number, path), typeOf(path));
  if (c.req.method === 'HEAD') {
    await file.handle.close();
    return c.body(null, 200);
  }
  const stream = Readable.from(rows).once('close', () => void file.handle.close());
  return c.body(Readable.toWeb(stream) as ReadableStream, 200);
}

function typeOf(name: string): string {
  return types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
}

async function sendFile(c: Context, number: number, path: string, file: RunFile): Promise<Response> {
  const { bytes } = file;
  const tag = `"${bytes.toString(36)}-${Math.trunc(file.modifiedMs).toString(36)}-${file.inode.toString(36)}"`;
  headers(c, savedAs(number, path), typeOf(path));
  c.header('Accept-Ranges', 'bytes');
  c.header('ETag', tag);
  const condition = c.req.header('if-range');
  const range = condition === undefined || condition === tag ? parseRange(c.req.header('range'), bytes) : null;
  const start = range === null || range === 'unsatisfiable' ? 0 : range.start;
  const end = range === null || range === 'unsatisfiable' ? bytes - 1 : range.end;
  const close = async (status: 200 | 304 | 416) => {
    await file.handle.close();
    return c.body(null, status);
  };
  if (c.req.header('if-none-match') === tag) return close(304);
  if (range === 'unsatisfiable') {
    c.header('Content-Range', `bytes */${bytes}`);
    return close(416);
  }
  if (range !== null) c.header('Content-Range', `bytes ${start}-${end}/${bytes}`);
  c.header('Content-Length', String(end - start + 1));
  if (c.req.method === 'HEAD' || bytes === 0) return close(200);
  const stream = file.handle.createReadStream({ start, end });
  return c.body(Readable.toWeb(stream) as ReadableStream, range === null ? 200 : 206);
}
