import { connect } from 'node:net';

/** What came back over a socket; status 0 where the connection ended, or stayed mute, without an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Everything after the head, as it came over the wire. */
  readonly body: string;
}

/** One header a line as a client would write it: repeated names stay repeated. */
export type Headers = readonly (readonly [string, string])[];

export interface Raw {
  readonly method?: string;
  /** The request target byte for byte: nothing normalises it. */
  readonly target: string;
  readonly headers?: Headers;
  readonly body?: string | Buffer;
  /** Left out: the server's own. Null: no Host header at all. */
  readonly host?: string | null;
  /** Address of loopback that it comes from. */
  readonly from?: string;
}

/** The bytes of a request; a body gets its Content-Length unless the headers speak of its length themselves. */
export function compose(port: number, { method = 'GET', target, headers = [], body, host }: Raw): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`];
  if (host !== null) lines.push(`Host: ${host ?? `127.0.0.1:${port}`}`);
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  const speaks = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  if (body !== undefined && !speaks) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  if (!headers.some(([name]) => /^connection$/i.test(name))) lines.push('Connection: close');
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), Buffer.from(body ?? '')]);
}

/** Sends bytes to a port of this machine and reads until the answer ends, streams until their head is there. */
export function sendBytes(
  port: number,
  bytes: Buffer | string,
  timeoutMs = 120_000,
  from: string | undefined = undefined,
): Promise<Answer> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    const chunks: Buffer[] = [];
    let settled = false;
    const finish = () => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      socket.destroy();
      done(parse(Buffer.concat(chunks)));
    };
    const timer = setTimeout(finish, timeoutMs);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (chunks.length <= 2) {
        const head = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n', 1)[0];
        if (/^HTTP\/1\.1 101/.test(head) || /^content-type: text\/event-stream/im.test(head)) finish();
      }
    });
    // What came before counts.
    socket.on('error', () => undefined);
    // Nothing more will come, whether or not all of ours has gone.
    socket.on('end', finish);
    socket.on('close', finish);
  });
}

export function sendRaw(port: number, request: Raw, timeoutMs?: number): Promise<Answer> {
  return sendBytes(port, compose(port, request), timeoutMs, request.from);
}

function parse(bytes: Buffer): Answer {
  const end = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.toString('latin1', 0, end < 0 ? 0 : end).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const body = end < 0 ? '' : bytes.toString('utf8', end + 4);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0), headers, body };
}

/** Does the work for every item, a few at a time. */
export async function each<Item>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<void>,
  atOnce = 16,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) await work(items[at], at);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
