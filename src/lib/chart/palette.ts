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
    // Dotted where a level is dashed; both stand behind what the run has measured.
    case 'parent':
      return 'var(--text-muted, #767676)';
    case 'baseline':
      return 'var(--text, currentcolor)';
    default:
      return palette[index % palette.length] ?? palette[0];
  }
}
