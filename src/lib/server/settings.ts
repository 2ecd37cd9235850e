import { join, resolve } from 'node:path';
import { env } from '$env/dynamic/private';

/** Folder that holds `notebooks/` and `runs/`; the folder the app was started in when not set. */
export function notebookFolder(): string {
  return join(resolve(env.ALMANAC_HOME || '.'), 'notebooks');
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

/** Token that guards an app which listens beyond loopback, if one was set. */
export function accessToken(): string | undefined {
  return env.ALMANAC_TOKEN || undefined;
}
