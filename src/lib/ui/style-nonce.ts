/**
 * The word by which this page's policy lets style elements in, as app.html has it; empty where there is no policy. Browsers
 * hide it from style sheets, not from code.
 */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
