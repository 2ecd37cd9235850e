import { readLibrary } from '#lib/runs/library.svelte.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ fetch }) => readLibrary(fetch);
