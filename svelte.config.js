import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
  kit: {
    adapter: adapter({ out: 'build' }),
    // Kit's own check looks at Origin for form posts only and refuses the page's own uploads when ORIGIN is unset;
    // src/hooks.server.ts checks every request that changes something with the guard both servers share.
    csrf: { trustedOrigins: ['*'] },
    typescript: { config: (config) => ({ ...config, include: [] }) },
  },
};
