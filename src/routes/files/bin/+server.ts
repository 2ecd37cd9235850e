import { emptyNotebookBin, listBinned } from '#lib/server/notebook-bin.ts';
import { answering } from '#lib/server/respond.ts';
import { notebookFolder } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = () =>
  answering(async () => Response.json({ notebooks: await listBinned(notebookFolder()) }));

export const DELETE: RequestHandler = () =>
  answering(async () => Response.json(await emptyNotebookBin(notebookFolder())));
