import { AppError } from '#core/error.ts';
import { readText } from '#lib/server/body.ts';
import { keepDraft, maxDraftBytes, readDraft } from '#lib/server/draft-files.ts';
import { answering, conflictResponse } from '#lib/server/respond.ts';
import { notebookFolder } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ params }) =>
  answering(async () => {
    const { text, etag } = await readDraft(notebookFolder(), params.run);
    return Response.json({ text, etag }, { headers: { 'cache-control': 'no-store', etag } });
  });

export const PUT: RequestHandler = ({ params, request }) =>
  answering(async () => {
    const expected = request.headers.get('if-match');
    if (!expected) throw new AppError('invalid_request', 'A save needs If-Match with the ETag the draft was read with');
    const text = await readText(request, maxDraftBytes);
    const kept = await keepDraft(notebookFolder(), params.run, text, expected);
    if (kept.text === text) return Response.json({ etag: kept.etag }, { headers: { etag: kept.etag } });
    return conflictResponse('The draft was changed in another browser since this one read it', kept);
  });
