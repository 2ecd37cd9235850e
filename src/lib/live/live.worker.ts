import { expose } from 'comlink';
import { LiveStream } from './live-stream.ts';
import { LiveTab } from './live-tab.ts';

export type { LiveTab };

/** Holds one connection for all tabs of a browser: over HTTP/1.1 it has six for a server, and every tab needs some. */
const live = new LiveStream();

globalThis.addEventListener('connect', (event) => {
  const port = event instanceof MessageEvent ? event.ports[0] : undefined;
  if (port) expose(new LiveTab(live), port);
});
