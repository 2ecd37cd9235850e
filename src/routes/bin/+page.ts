import { readBins } from '#lib/runs/bin.svelte.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ fetch }) => readBins(fetch);
