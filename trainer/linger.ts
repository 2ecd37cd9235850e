import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** Ms that a client has to read its last answer. */
const longest = 5000;

/**
 * Lets an answer arrive that is given while the request is still being sent: the refusal of a body that is too large,
 * above all. A connection that is closed with bytes unread is reset, and the reset can overtake the answer. So it is
 * closed for writing first, and altogether when the client has closed its side as well, or some seconds later.
 */
export function lingerOnClose(server: Pick<Server, 'on'>): void {
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    let closing = false;
    // What Node calls after the last answer of a connection.
    socket.destroySoon = () => {
      if (closing || socket.destroyed) return;
      closing = true;
      socket.end();
      const timer = setTimeout(() => socket.destroy(), longest).unref();
      socket.once('close', () => clearTimeout(timer));
    };
  });
}
