/**
 * The word by which this page's policy lets style elements in, told by the script the server wrote it into; empty where the
 * page has no policy. Browsers hide it from selectors, not from code.
 */
export function styleNonce(): string {
  return document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
}
