import { storeDataFile } from '#lib/server/data-files.ts';
import { answering } from '#lib/server/respond.ts';
import { notebookFolder } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

/** Takes a data file into `notebooks/data`: `POST /files/data?name=bars.csv`, the bytes as body. */
export const POST: RequestHandler = ({ request, url }) =>
  answering(async () => {
    const stored = await storeDataFile(notebookFolder(), url.searchParams.get('name') ?? '', request.body, {
      announced: Number(request.headers.get('content-length')) || 0,
    });
    return Response.json(stored, { status: stored.known ? 200 : 201, headers: { 'cache-control': 'no-store' } });
  });
