import { redirect } from '@sveltejs/kit';
import { signOut } from '#lib/server/sign-in.ts';
import type { RequestHandler } from './$types';

/** Takes the session from this browser. */
export const POST: RequestHandler = (event) => {
  signOut(event);
  redirect(303, '/sign-in');
};
