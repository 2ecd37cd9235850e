/** What a request may do: all, look only, or nothing; `wait` where it cannot be told yet, after many wrong tokens. */
export type Right = 'all' | 'read' | 'none' | 'wait';

/** Fewest characters of a token: 20 of random letters cannot be guessed. */
export const shortestToken = 20;

/** Whether a text may be a token: long enough, and of characters that travel in a header as they are. */
export function isToken(text: string): boolean {
  return text.length >= shortestToken && /^[\x21-\x7e]+$/.test(text);
}

/** The token that an `Authorization: Bearer` header shows. */
export function bearerOf(authorization: string | null | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

/** Every value that a Cookie header has under this name: one that another path or port has set does not hide ours. */
export function cookiesNamed(header: string | null | undefined, name: string): readonly string[] {
  return (header ?? '').split(';').flatMap((part) => {
    const [key, ...value] = part.trim().split('=');
    return key === name ? [value.join('=')] : [];
  });
}
