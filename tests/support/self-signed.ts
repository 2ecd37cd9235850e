import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate and its key in PEM. */
interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** A certificate for these names that nobody but itself has signed, valid from yesterday for ten days: X.509 in DER, by hand. */
export function selfSigned(...names: readonly string[]): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = sequence(oid('2a8648ce3d040302')); // ecdsa-with-SHA256
  const name = sequence(tag(0x31, sequence(oid('550403'), tag(0x0c, Buffer.from(names[0] ?? ''))))); // commonName
  const day = (offset: number) => {
    const text = new Date(Date.now() + offset * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(2, 14);
    return tag(0x17, Buffer.from(`${text}Z`));
  };
  const alternatives = names.map((one) =>
    /^[\d.]+$/.test(one) ? tag(0x87, Buffer.from(one.split('.').map(Number))) : tag(0x82, Buffer.from(one)),
  );
  const extension = sequence(oid('551d11'), tag(0x04, sequence(...alternatives))); // subjectAltName
  const body = sequence(
    tag(0xa0, tag(0x02, Buffer.from([2]))),
    tag(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(day(-1), day(9)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(extension)),
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const der = sequence(body, algorithm, tag(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trim();
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** The same as files of a folder. */
export function writeSelfSigned(folder: string, ...names: readonly string[]): Pair {
  const pair = selfSigned(...names);
  const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(paths.cert, pair.cert);
  writeFileSync(paths.key, pair.key, { mode: 0o600 });
  return paths;
}

function tag(type: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([type, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tag(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return tag(0x06, Buffer.from(hex, 'hex'));
}
