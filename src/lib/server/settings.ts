import { join, resolve } from 'node:path';
import { env } from '$env/dynamic/private';
import { type Gate, openGate } from '#access/gate.ts';
import { readCertificate } from '#access/tls-files.ts';
import { pinnedFetch } from '#access/pinned-fetch.ts';
import { toAuthority } from '#core/guard/authority.ts';
import { callableHost } from '#core/guard/listening.ts';
import { type Origin, parseOrigin } from '#core/guard/origin.ts';

// The start program puts every setting into the environment, wherever it comes from (trainer/settings/web-environment.ts).

/** Folder that holds `notebooks/` and `runs/`; the folder the app was started in when not set. */
export function homeFolder(): string {
  return resolve(env.ALMANAC_HOME || '.');
}

export function notebookFolder(): string {
  return join(homeFolder(), 'notebooks');
}

/** Port of the sidecar on this machine. */
export function trainerPort(): number {
  return Number(env.TRAINER_PORT) || 4318;
}

/** Port of this web app, as the start program set it. */
export function webPort(): number {
  return Number(env.PORT) || 4317;
}

/** Address this app listens on; anything but loopback demands the token. */
export function webHost(): string {
  return env.HOST || '127.0.0.1';
}

/** Whether both servers speak TLS. */
export function speaksTls(): boolean {
  return Boolean(env.ALMANAC_TLS_CERT);
}

/** Where a proxy in front of us is reached. */
export function declaredOrigins(): readonly Origin[] {
  return (env.ALMANAC_ORIGIN ?? '').split(',').flatMap((text) => parseOrigin(text) ?? []);
}

/** The sidecar, as a program of this machine calls it: at the address that is bound, by the certificate it was given. */
export function sidecarServer(): { readonly url: string; readonly send: typeof fetch } {
  const cert = env.ALMANAC_TLS_CERT;
  const authority = toAuthority(callableHost(webHost()), trainerPort());
  if (!cert) return { url: `http://${authority}`, send: fetch };
  return { url: `https://${authority}`, send: once('send', cert, () => pinnedFetch(readCertificate(cert))) };
}

/** What asks for the token, one for this process; null where everybody on this machine may call. */
export function ownGate(): Gate | null {
  const { ALMANAC_TOKEN: token, ALMANAC_READ_TOKEN: readToken, ALMANAC_SESSION_KEY: sessionKey } = env;
  if (!token || !sessionKey) return null;
  const settings = { token, readToken: readToken || null, sessionKey, port: webPort() };
  return once('gate', JSON.stringify(settings), () => openGate(settings));
}

const made = new Map<string, { readonly from: string; readonly value: unknown }>();

/** The value that was made before, as long as it is made of the same. */
function once<Value>(name: string, from: string, make: () => Value): Value {
  const known = made.get(name);
  if (known?.from === from) return known.value as Value;
  const value = make();
  made.set(name, { from, value });
  return value;
}
