import { X509Certificate } from 'node:crypto';
import { Agent, request, type RequestOptions } from 'node:https';
import { type Duplex, Readable } from 'node:stream';
import { connect } from 'node:tls';

/**
 * `fetch` to our own servers over TLS: it trusts the certificate they were given and no other, whoever signed it and
 * whatever names it bears, for a program of this machine calls them by an address. It reads no compressed answers.
 */
export function pinnedFetch(certificate: Buffer): typeof fetch {
  const agent = new PinnedAgent(new X509Certificate(certificate).fingerprint256);
  return async (input, init) => {
    const { url, method, headers, body } = new Request(input, init);
    const signal = init?.signal ?? undefined;
    const bytes = body === null ? null : Buffer.from(await new Response(body).arrayBuffer());
    const sent = Object.fromEntries(headers);
    if (bytes !== null) sent['content-length'] = String(bytes.length);
    sent['accept-encoding'] = 'identity';
    return new Promise<Response>((done, failed) => {
      const outgoing = request(url, { method, agent, headers: sent, signal }, (answer) => {
        const { statusCode: status = 502, rawHeaders } = answer;
        const list: [string, string][] = [];
        for (let i = 0; i + 1 < rawHeaders.length; i += 2) list.push([rawHeaders[i], rawHeaders[i + 1]]);
        const isEmpty = method === 'HEAD' || status === 204 || status === 304;
        if (isEmpty) answer.resume();
        const stream = isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
        done(new Response(stream, { status, headers: list }));
      });
      // As fetch says it: the reason lies in `cause`.
      outgoing.once('error', (cause) =>
        failed(signal?.aborted ? signal.reason : new TypeError('fetch failed', { cause })),
      );
      outgoing.end(bytes);
    });
  };
}

/** Connections on which nothing is sent before the other end has shown the certificate. */
class PinnedAgent extends Agent {
  readonly #fingerprint: string;

  constructor(fingerprint: string) {
    super({ keepAlive: true });
    this.#fingerprint = fingerprint;
  }

  override createConnection(options: RequestOptions, done?: (error: Error | null, socket: Duplex) => void): undefined {
    const { host, port } = options;
    const socket = connect({ host: host ?? undefined, port: Number(port), rejectUnauthorized: false });
    const fail = (error: Error) => done?.(error, socket);
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      socket.off('error', fail);
      if (socket.getPeerCertificate().fingerprint256 === this.#fingerprint) return done?.(null, socket);
      socket.destroy();
      const error: NodeJS.ErrnoException = new Error('another server answers there: its certificate is not ours');
      error.code = 'CERTIFICATE_NOT_OURS';
      fail(error);
    });
  }
}
