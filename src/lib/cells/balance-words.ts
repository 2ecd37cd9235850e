import { formatPercent } from '#lib/ui/format.ts';

/** What the balance of labels means for a score: what saying the more frequent side of train always would get. */
export function balanceWords({ train, validation }: { readonly train: number; readonly validation: number }): string {
  const side = train >= 0.5 ? 'up' : 'down';
  const share = side === 'up' ? validation : 1 - validation;
  return `Always ${side}, as train has it, is right on ${formatPercent(share)} of validation.`;
}
