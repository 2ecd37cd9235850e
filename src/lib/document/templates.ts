import { pinBoundaries } from '#core/bars/boundaries.ts';
import type { CleaningReport } from '#core/bars/cleaning-report.ts';
import type { Inspection } from '#core/bars/inspection.ts';
import { groups } from '#core/config/config.ts';

/** A notebook to start from; each runs as it is, on the built-in synthetic market. */
interface Template {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly text: string;
}

const fence = '```';

function cell(kind: string, yaml: string): string {
  return `${fence}yaml ${kind}\n${yaml.trim()}\n${fence}\n`;
}

export const templates: readonly Template[] = [
  {
    name: 'first',
    title: 'A first forecast',
    about: 'A small MLP on synthetic bars: return and direction together. Trains in a minute or two.',
    text: `---
title: A first forecast
---
Can a small network say anything about the next twelve hours? The bars here are synthetic and seeded, so this runs as it is. Point \`source\` at a file of your own when you are ready.

${cell('data', 'source: sample://market?seed=1&bars=20000&step=1h')}
${cell(
  'features',
  `timeframes:
  1h:
    log_return: {period: 1}
    rsi: {period: 14}
    atr: {period: 14}
  4h:
    rsi: {period: 14}`,
)}
${cell('targets', 'horizon: 12')}
${cell('model', 'architecture: mlp\nvariant: base\nlookback: 64')}
${cell('loss', 'ret: {kind: huber}\ndir: {kind: bce}')}
${cell('train', 'epochs: 10\nbatch_size: 256')}`,
  },
  {
    name: 'context',
    title: 'A longer memory',
    about: 'A causal convolution over a longer window: does more context help?',
    text: `---
title: A longer memory
---
Does a convolution over 96 bars beat the small network that sees 64? Fork the run with another \`lookback\` to find out.

${cell('data', 'source: sample://market?seed=1&bars=20000&step=1h')}
${cell('features', 'timeframes: auto')}
${cell('targets', 'horizon: 12')}
${cell('model', 'architecture: tcn\nvariant: base\nlookback: 96')}
${cell('loss', 'ret: {kind: huber}\ndir: {kind: bce}')}
${cell('train', 'epochs: 8\nbatch_size: 256')}`,
  },
  {
    name: 'direction',
    title: 'Up or down',
    about: 'Direction only, chosen by accuracy, and judged against the majority class.',
    text: `---
title: Up or down
---
Only the sign of the next six hours. The number to beat is the majority class, which stands beside every score.

${cell('data', 'source: sample://market?seed=7&bars=20000&step=1h')}
${cell('features', 'timeframes: auto')}
${cell('targets', 'horizon: 6\ntasks:\n  dir: {kind: direction}')}
${cell('model', 'architecture: mlp\nvariant: base\nlookback: 48')}
${cell('loss', 'dir: {kind: bce, label_smoothing: 0.05}')}
${cell('train', 'epochs: 12\nselect: {metric: val.da, mode: max}')}`,
  },
  {
    name: 'blank',
    title: 'Blank notebook',
    about: 'Six empty cells: every value at its default until you say another.',
    text: `---
title: Untitled
---

${groups.map((kind) => `${fence}yaml ${kind}\n${fence}\n`).join('\n')}`,
  },
];

type Inspected = Pick<Inspection, 'boundaries' | 'step'> & { readonly report: Pick<CleaningReport, 'last'> };

function splitLine({ boundaries, step, report }: Inspected): string {
  const instants = Object.entries(pinBoundaries(boundaries, report.last + step));
  return `split: {${instants.map(([key, instant]) => `${key}: ${instant}`).join(', ')}}`;
}

/**
 * A notebook that begins with a data file of the workspace. Its splits are instants where `inspection` says which, so
 * that they stay when the file grows; else shares hold.
 */
export function fileTemplate(path: string, inspection: Inspected | null): Pick<Template, 'title' | 'text'> {
  const title = path.split('/').at(-1) ?? path;
  const text = `---
title: ${JSON.stringify(title)}
---
What can be said about the next twelve bars of this file?

${cell('data', `source: ${JSON.stringify(path)}${inspection ? `\n${splitLine(inspection)}` : ''}`)}
${cell('features', 'timeframes: auto')}
${cell('targets', 'horizon: 12')}
${cell('model', 'architecture: mlp\nvariant: base\nlookback: 64')}
${cell('loss', 'ret: {kind: huber}\ndir: {kind: bce}')}
${cell('train', 'epochs: 10\nbatch_size: 256')}`;
  return { title, text };
}
