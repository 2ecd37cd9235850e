import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { readJson, readText } from '#lib/server/body.ts';
import { binNotebook } from '#lib/server/notebook-bin.ts';
import {
  maxNotebookBytes,
  NotebookConflict,
  readNotebook,
  renameNotebook,
  saveNotebook,
} from '#lib/server/notebook-files.ts';
import { answering, conflictResponse } from '#lib/server/respond.ts';
import { notebookFolder } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ params }) =>
  answering(async () => {
    const file = await readNotebook(notebookFolder(), params.slug);
    return new Response(file.text, {
      headers: {
        'content-type': 'text/markdown; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
        etag: file.etag,
      },
    });
  });

export const PUT: RequestHandler = ({ params, request }) =>
  answering(async () => {
    const expected = request.headers.get('if-match');
    if (!expected)
      throw new AppError('invalid_request', 'A save needs If-Match with the ETag the text was opened with');
    try {
      const file = await saveNotebook(
        notebookFolder(),
        params.slug,
        await readText(request, maxNotebookBytes),
        expected,
      );
      return Response.json({ slug: file.slug, etag: file.etag }, { headers: { etag: file.etag } });
    } catch (error) {
      if (!(error instanceof NotebookConflict)) throw error;
      return conflictResponse(error.message, error.current);
    }
  });

const renaming = z.strictObject({
  title: z.string().trim().min(1).max(200).optional(),
  name: z.string().min(1).max(200).optional(),
});

export const PATCH: RequestHandler = ({ params, request }) =>
  answering(async () => {
    const body = renaming.safeParse(await readJson(request, 10_000));
    if (!body.success) {
      throw new AppError(
        'invalid_request',
        'Expected {"title"} of 1 to 200 characters, {"name"} for its file, or both',
      );
    }
    return Response.json(await renameNotebook(notebookFolder(), params.slug, body.data));
  });

export const DELETE: RequestHandler = ({ params }) =>
  answering(async () => Response.json({ restore: await binNotebook(notebookFolder(), params.slug) }));
