import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { readJson } from '#lib/server/body.ts';
import { createNotebook, listNotebooks, maxNotebookBytes, restoreNotebook } from '#lib/server/notebook-files.ts';
import { answering } from '#lib/server/respond.ts';
import { notebookFolder } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

const creation = z.union([
  z.strictObject({ title: z.string().min(1).max(200), text: z.string() }),
  z.strictObject({ restore: z.string().max(120) }),
]);

export const GET: RequestHandler = () => answering(async () => Response.json(await listNotebooks(notebookFolder())));

export const POST: RequestHandler = ({ request }) =>
  answering(async () => {
    const body = creation.safeParse(await readJson(request, 4 * maxNotebookBytes));
    if (!body.success) {
      throw new AppError(
        'invalid_request',
        'Expected {"title", "text"} for a new notebook, or {"restore"} to undo a deletion',
      );
    }
    const folder = notebookFolder();
    const file =
      'restore' in body.data
        ? await restoreNotebook(folder, body.data.restore)
        : await createNotebook(folder, body.data.title, body.data.text);
    return Response.json({ slug: file.slug, etag: file.etag }, { status: 201 });
  });
