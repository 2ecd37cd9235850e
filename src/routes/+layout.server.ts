import type { LayoutServerLoad } from './$types';

/** What the person before the page may do; a page asks once, not at every step from one to the next. */
export const load: LayoutServerLoad = ({ locals }) => ({ right: locals.right, asksToken: locals.asksToken });
