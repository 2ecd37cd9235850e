import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '#core/error.ts';

/** Paths of a certificate, with those between it and its root behind it, and of its key; both PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/**
 * The files' bytes, which belong together.
 * @throws AppError invalid_config: one sentence that names the setting, the file, and what is wrong with it.
 */
export function readTls({ cert, key }: TlsFiles): { readonly cert: Buffer; readonly key: Buffer } {
  const bytes = { cert: readPem('ALMANAC_TLS_CERT', cert), key: readPem('ALMANAC_TLS_KEY', key) };
  const certificate = attempt(
    () => new X509Certificate(bytes.cert),
    `ALMANAC_TLS_CERT: ${cert} holds no certificate; expected one in PEM, with -----BEGIN CERTIFICATE-----.`,
  );
  const secret = attempt(
    () => createPrivateKey(bytes.key),
    `ALMANAC_TLS_KEY: ${key} holds no key that can be read; expected one in PEM, without a passphrase.`,
  );
  if (certificate.checkPrivateKey(secret)) return bytes;
  throw new AppError(
    'invalid_config',
    `ALMANAC_TLS_KEY: ${key} is not the key of the certificate in ${cert}; give the pair that was made together.`,
  );
}

/** The certificate alone, by which a program of this machine knows the server. @throws AppError as readTls */
export function readCertificate(cert: string): Buffer {
  return readPem('ALMANAC_TLS_CERT', cert);
}

function readPem(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new AppError(
      'invalid_config',
      `${variable}: ${path} cannot be read (${code}). Check the path and its permissions.`,
    );
  }
}

function attempt<Value>(read: () => Value, otherwise: string): Value {
  try {
    return read();
  } catch {
    throw new AppError('invalid_config', otherwise);
  }
}
