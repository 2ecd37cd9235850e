import { fail, redirect } from '@sveltejs/kit';
import { placeToOpen, signIn } from '#lib/server/sign-in.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url, locals }) => ({
  to: placeToOpen(url.searchParams.get('to') ?? '/'),
  refused: url.searchParams.get('refused'),
  isIn: locals.right === 'all' || locals.right === 'read',
});

export const actions: Actions = {
  async default(event) {
    const form = await event.request.formData();
    const outcome = await signIn(event, String(form.get('token') ?? '').trim());
    if (outcome === 'in') redirect(303, placeToOpen(String(form.get('to') ?? '/')));
    return fail(outcome === 'wait' ? 429 : 401, { refused: outcome });
  },
};
