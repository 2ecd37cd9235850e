import { forward } from '#lib/server/proxy.ts';
import { errorResponse } from '#lib/server/respond.ts';
import { sidecarServer } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

const handler: RequestHandler = ({ request, url }) => {
  // Kit matches `/%61pi/…` too; cut off by length, what is left of that would name another port.
  const path = /^\/api(\/.*)?$/.exec(url.pathname);
  if (!path) return errorResponse('path_not_found', 'There is nothing here. The API is below /api/.');
  return forward(request, (path[1] ?? '/') + url.search, sidecarServer());
};

export const GET = handler;
export const HEAD = handler;
export const POST = handler;
export const PUT = handler;
export const PATCH = handler;
export const DELETE = handler;
