/** Whether an answer of this Content-Type is worth packing: our JSON and CSV. */
export function isCompressible(contentType: string): boolean {
  return /^(application\/(problem\+)?json|text\/csv)\b/i.test(contentType);
}
