/** What a line is: it decides colour and stroke together, so that colour is never the only difference. */
export type SeriesRole = 'train' | 'validation' | 'parent' | 'baseline' | 'other';

/** Okabe–Ito, told apart by the colour-blind; the style sheet may tune each for dark mode. */
const palette = [
  'var(--series-1, #0072b2)',
  'var(--series-2, #d55e00)',
  'var(--series-3, #009e73)',
  'var(--series-4, #cc79a7)',
  'var(--series-5, #e69f00)',
  'var(--series-6, #56b4e9)',
] as const;

export function seriesColor(role: SeriesRole | undefined, index: number): string {
  switch (role) {
    case 'train':
      return palette[0];
    case 'validation':
      return palette[1];
    // Not the grey of a baseline: both are dashed, and they often stand in one chart.
    case 'parent':
      return palette[3];
    case 'baseline':
      return 'var(--text-muted, #767676)';
    default:
      return palette[index % palette.length] ?? palette[0];
  }
}
