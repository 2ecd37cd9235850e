import type { Config, ConfigGroups, Group } from '#core/config/config.ts';
import { assertNever } from '#core/error.ts';
import { formatCount, formatCounted, formatValue } from '#lib/ui/format.ts';

/** One line that says what a cell says: "tcn · medium · 128 bars"; null while it, or one that it is about, has a problem. */
export function summariseCell(group: Group, groups: ConfigGroups): string | null {
  return partsOf(group, groups)?.filter(Boolean).join(' · ') ?? null;
}

function partsOf(group: Group, groups: ConfigGroups): readonly string[] | null {
  switch (group) {
    case 'data':
      return groups.data && dataWords(groups.data);
    case 'features':
      return groups.features && featureWords(groups.features);
    case 'targets':
      return groups.targets && targetWords(groups.targets);
    case 'model':
      return groups.model && modelWords(groups.model);
    case 'loss':
      return groups.loss && lossWords(groups.loss);
    case 'train':
      return groups.train && trainWords(groups.train);
    default:
      return assertNever(group);
  }
}

function dataWords({ source, split, gaps }: Config['data']): readonly string[] {
  return [baseName(source), splitWords(split), gaps.policy === 'break' ? '' : `gaps: ${gaps.policy}`];
}

function featureWords({ timeframes, columns, scaler }: Config['features']): readonly string[] {
  return [...timeframeWords(timeframes), ...Object.keys(columns), scaler];
}

function targetWords({ tasks, horizon }: Config['targets']): readonly string[] {
  return [Object.keys(tasks).join(' + '), `${formatCounted(horizon, 'bar')} ahead`];
}

function modelWords({ architecture, variant, lookback }: Config['model']): readonly string[] {
  return [architecture, variant, formatCounted(lookback, 'bar')];
}

function lossWords({ terms, weights }: Config['loss']): readonly string[] {
  return Object.entries(terms).map(([task, { kind }]) => {
    const weight = weights[task];
    return `${weight === 1 ? '' : `${formatValue(weight)} × `}${task} ${kind}`;
  });
}

function trainWords({ optimizer, schedule, batch_size, epochs }: Config['train']): readonly string[] {
  return [
    optimizer.kind,
    `${formatValue(optimizer.learning_rate)} ${schedule.kind}`,
    `batch ${formatCount(batch_size)}`,
    formatCounted(epochs, 'epoch'),
  ];
}

function baseName(source: string): string {
  return source.startsWith('sample://') ? 'synthetic market' : (source.split('/').at(-1) ?? source);
}

function splitWords({ train, validation, test, validation_from, test_from }: Config['data']['split']): string {
  if (validation_from !== null) return `validation from ${validation_from}, test from ${test_from}`;
  return [train, validation, test].map((share) => `${Math.round(share * 100)}`).join(' / ');
}

function timeframeWords(timeframes: Config['features']['timeframes']): readonly string[] {
  if (timeframes === 'auto') return ['automatic timeframes'];
  const on = Object.entries(timeframes).filter(([, timeframe]) => timeframe.enabled !== false);
  const indicators = on.reduce(
    (sum, [, timeframe]) => sum + Object.keys(timeframe).filter((key) => key !== 'enabled').length,
    0,
  );
  return [on.map(([name]) => name).join(', ') || 'no timeframe', formatCounted(indicators, 'indicator')];
}
