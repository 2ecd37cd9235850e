import { formatBytes } from '#core/bytes.ts';
import type { ConfigGroups, Group } from '#core/config/config.ts';
import { engineNote } from '#core/estimate/engine-note.ts';
import { contextOf, estimate, type EstimateInput, estimateNetwork } from '#core/estimate/estimate.ts';
import { countFeatures } from '#core/estimate/feature-count.ts';
import { type OutputName, outputObstacle } from '#core/notebook/graph.ts';
import { computedOf, type Obstacle } from '#lib/document/output.ts';
import type { DatasetPreview } from '#lib/document/preview.svelte.ts';
import { formatCount, formatCounted, formatDuration, formatNumber } from '#lib/ui/format.ts';

/** What is known of the data and what was made of it; null for what is not. */
export interface KnownData {
  /** Distance of two bars, ms. */
  readonly step: number | null;
  readonly rows: number | null;
  /** Columns that reach the model, and the longest warm-up of the features, bars. */
  readonly columns: number | null;
  readonly warmup: number | null;
  readonly trainSamples: number | null;
  /** Why what is not known of the data is not: null where it is on its way. */
  readonly missing: Obstacle | null;
}

/** As far as a preview is. */
export function knownOf({ source, columns, samples }: DatasetPreview): KnownData {
  const read = computedOf(source);
  const made = computedOf(samples);
  const drawn = computedOf(columns);
  return {
    step: read?.inspection.step ?? null,
    rows: read ? (made?.report.bars ?? read.inspection.rows) : null,
    columns: made?.features ?? drawn?.names.length ?? null,
    warmup: drawn?.warmup ?? null,
    trainSamples: made?.report.samples.train ?? null,
    missing: source.state === 'missing' ? source : null,
  };
}

interface ModelFigure {
  readonly label: string;
  readonly value: string;
  /** What it rests on. */
  readonly about?: string;
}

/** Figures that cannot be worked out, and the cell in the way. */
interface MissingFigures extends Obstacle {
  readonly labels: readonly string[];
}

interface ModelFigures {
  readonly figures: readonly ModelFigure[];
  readonly missing: readonly MissingFigures[];
  /** What is worth a second look. */
  readonly notes: readonly string[];
}

const hour = 3_600_000;

/**
 * What a model comes to, each figure from the cells that it needs: a problem in another cell takes no figure away, and
 * none is made up for a cell that has one.
 */
export function modelFigures(groups: ConfigGroups, broken: readonly Group[], known: KnownData): ModelFigures {
  const figures: ModelFigure[] = [];
  const missing: MissingFigures[] = [];
  const notes: string[] = [];
  const show = (output: OutputName, label: string, work: () => Omit<ModelFigure, 'label'> | null) => {
    const cell = outputObstacle(output, broken);
    const why = cell ? { cell, why: 'has a problem' } : known.missing;
    const figure = cell ? null : work();
    if (figure) figures.push({ label, ...figure });
    else if (why) missing.push({ labels: [label], ...why });
    else figures.push({ label, value: '…', about: 'Waits for the data' });
  };
  const { features, targets, model, train } = groups;
  const counted = features && countFeatures(features, known.step ?? hour);
  const input: EstimateInput | null = counted && {
    features: known.columns ?? counted.features,
    baseStep: known.step ?? hour,
    warmup: known.warmup ?? counted.warmup,
    rows: known.rows ?? undefined,
    trainSamples: known.trainSamples ?? undefined,
  };

  show('parameters', 'parameters', () => {
    if (!model || !targets || !input) return null;
    const network = estimateNetwork({ model, targets }, input);
    notes.push(...network.notes);
    const columns = `${formatCounted(input.features, 'column')}${known.columns === null ? ' as written' : ''}`;
    const each = known.trainSamples ? `, ${formatNumber(network.parameters / known.trainSamples)} a train window` : '';
    const about = known.columns === null ? 'The data can leave columns out' : undefined;
    return { value: `${formatCount(network.parameters)} for ${columns}${each}`, about };
  });
  show('context', 'effective context', () => {
    if (!model) return null;
    const { bars } = contextOf(model);
    const time = known.step === null ? '' : `, ${formatDuration(bars * known.step)}`;
    return { value: `${formatCount(bars)} of ${formatCounted(model.lookback, 'bar')}${time}` };
  });
  show('reach', 'reach with warm-up', () => {
    if (!model || !input || known.step === null) return null;
    return { value: formatDuration((model.lookback + input.warmup) * known.step) };
  });
  const field = model && contextOf(model).receptiveField;
  if (field) show('context', 'receptive field', () => ({ value: formatCounted(field, 'bar') }));
  show('memory', 'memory', () => {
    if (!targets || !model || !train || !input || known.rows === null) return null;
    const config = { targets, model, train };
    const found = estimate(config, input);
    const tooLarge = engineNote(config, input, found.bytes);
    notes.splice(0, notes.length, ...found.notes, ...(tooLarge === null ? [] : [tooLarge]));
    return { value: `${formatBytes(found.bytes)} estimated` };
  });
  return { figures, missing: joinMissing(missing), notes };
}

/** One line for all that one cell is in the way of. */
function joinMissing(missing: readonly MissingFigures[]): readonly MissingFigures[] {
  const cells = [...new Set(missing.map(({ cell }) => cell))];
  return cells.map((cell) => {
    const of = missing.filter((one) => one.cell === cell);
    return { cell, why: of[0].why, labels: of.flatMap(({ labels }) => labels) };
  });
}
