import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { readJson } from '#lib/server/body.ts';
import { answering } from '#lib/server/respond.ts';
import { deleteView, listViews, saveView } from '#lib/server/saved-views.ts';
import { homeFolder } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

const view = z.strictObject({ name: z.string(), query: z.string() });
const maxBytes = 100_000;

export const GET: RequestHandler = () => answering(async () => Response.json({ views: await listViews(homeFolder()) }));

export const POST: RequestHandler = ({ request }) =>
  answering(async () => {
    const body = view.safeParse(await readJson(request, maxBytes));
    if (!body.success) throw new AppError('invalid_request', 'Expected {"name", "query"} of a view of the run table');
    return Response.json({ replaced: await saveView(homeFolder(), body.data) }, { status: 201 });
  });

export const DELETE: RequestHandler = ({ url }) =>
  answering(async () => {
    const name = url.searchParams.get('name');
    if (name === null) throw new AppError('invalid_request', 'Expected ?name= of the view that is to go');
    return Response.json({ deleted: await deleteView(homeFolder(), name) });
  });
