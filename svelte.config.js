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
    // Scripts are ours or not at all, style elements too (those of CodeMirror by a nonce, src/hooks.server.ts); attributes of
    // style are in our own markup.
    csp: {
      mode: 'auto',
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
        'style-src-elem': ['self'],
        'style-src-attr': ['unsafe-inline'],
        'img-src': ['self', 'data:', 'blob:'],
        'font-src': ['self', 'data:'],
        'connect-src': ['self'],
        'worker-src': ['self', 'blob:'],
        'object-src': ['none'],
        'base-uri': ['self'],
        'form-action': ['self'],
        'frame-ancestors': ['none'],
      },
    },
    csrf: { trustedOrigins: ['*'] },
    typescript: { config: (config) => ({ ...config, include: [] }) },
  },
};
