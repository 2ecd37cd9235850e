import { openSessionKey } from '#access/session-key.ts';
import { toAuthority } from '#core/guard/authority.ts';
import type { Settings } from './settings.ts';

/**
 * The variables in which the web app, whose code is built apart, reads these settings: wherever they come from. Makes the
 * key of the sessions where a token is asked for.
 */
export function webEnvironment(settings: Settings): Record<string, string> {
  const { host, port, trainerPort, home, runs, token, readToken, origins, tls } = settings;
  return {
    HOST: host,
    PORT: String(port),
    TRAINER_PORT: String(trainerPort),
    ALMANAC_HOME: home,
    ALMANAC_ORIGIN: origins.map((origin) => `${origin.scheme}://${toAuthority(origin.host, origin.port)}`).join(','),
    ALMANAC_TLS_CERT: tls?.cert ?? '',
    ALMANAC_TLS_KEY: tls?.key ?? '',
    // Made up here where none was given, so that both servers ask for the same one.
    ALMANAC_TOKEN: token ?? '',
    ALMANAC_READ_TOKEN: readToken ?? '',
    ALMANAC_SESSION_KEY: token === null ? '' : openSessionKey(runs),
    // Our own routes limit bodies; adapter-node's limit of 512 KB would refuse what they allow.
    BODY_SIZE_LIMIT: 'Infinity',
  };
}
