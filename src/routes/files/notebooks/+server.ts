import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { readJson } from '#lib/server/body.ts';
import { restoreNotebook } from '#lib/server/notebook-bin.ts';
import { createNotebook, duplicateNotebook, listNotebooks, maxNotebookBytes } from '#lib/server/notebook-files.ts';
import { answering } from '#lib/server/respond.ts';
import { notebookFolder } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

const creation = z.union([
  z.strictObject({ title: z.string().min(1).max(200), text: z.string() }),
  z.strictObject({ restore: z.string().max(120) }),
  z.strictObject({ duplicate: z.string().max(120) }),
]);
type Creation = z.infer<typeof creation>;
const longestSearch = 200;

export const GET: RequestHandler = ({ url }) =>
  answering(async () => {
    const search = (url.searchParams.get('search') ?? '').slice(0, longestSearch);
    return Response.json(await listNotebooks(notebookFolder(), search));
  });

function make(folder: string, body: Creation) {
  if ('restore' in body) return restoreNotebook(folder, body.restore);
  if ('duplicate' in body) return duplicateNotebook(folder, body.duplicate);
  return createNotebook(folder, body.title, body.text);
}

export const POST: RequestHandler = ({ request }) =>
  answering(async () => {
    const body = creation.safeParse(await readJson(request, 4 * maxNotebookBytes));
    if (!body.success) {
      throw new AppError(
        'invalid_request',
        'Expected {"title", "text"} for a new notebook, {"duplicate"} for a copy, or {"restore"} to undo a deletion',
      );
    }
    const { slug, etag } = await make(notebookFolder(), body.data);
    return Response.json({ slug, etag }, { status: 201 });
  });
