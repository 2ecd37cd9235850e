import { headerValues } from './authority.ts';
import type { GuardedRequest } from './request.ts';

/** What Node's server has of a request, before a framework makes something of it. */
export interface RawRequest {
  readonly method?: string;
  readonly url?: string;
  /** Names and values as they came, one after the other. */
  readonly rawHeaders: readonly string[];
}

/** What the guard asks of a request. Repeated headers count as one list, so that a second value is never overlooked. */
export function guardedRequest({ method = '', url = '', rawHeaders }: RawRequest): GuardedRequest {
  const header = (name: string) => {
    const values = headerValues(rawHeaders, name);
    return values.length === 0 ? null : values.join(', ');
  };
  const length = header('content-length');
  return {
    method,
    url,
    hosts: headerValues(rawHeaders, 'host'),
    headerCount: rawHeaders.length / 2,
    origin: header('origin'),
    secFetchSite: header('sec-fetch-site'),
    contentType: header('content-type'),
    hasBody: (length !== null && length !== '0') || header('transfer-encoding') !== null,
    isUpgrade: header('upgrade') !== null,
    authorization: header('authorization'),
    cookie: header('cookie'),
  };
}
