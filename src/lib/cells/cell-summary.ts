import type { Config, Group } from '#core/config/config.ts';
import { assertNever } from '#core/error.ts';
import { formatCount, formatCounted, formatValue } from '#lib/ui/format.ts';

/** One line that says what a cell says: "tcn · medium · 128 bars". */
export function summariseCell(group: Group, config: Config): string {
  return parts(group, config).filter(Boolean).join(' · ');
}

function parts(group: Group, { data, features, targets, model, loss, train }: Config): readonly string[] {
  switch (group) {
    case 'data':
      return [
        baseName(data.source),
        splitWords(data.split),
        data.gaps.policy === 'break' ? '' : `gaps: ${data.gaps.policy}`,
      ];
    case 'features':
      return [...timeframeWords(features.timeframes), ...Object.keys(features.columns), features.scaler];
    case 'targets':
      return [Object.keys(targets.tasks).join(' + '), `${formatCounted(targets.horizon, 'bar')} ahead`];
    case 'model':
      return [model.architecture, model.variant, formatCounted(model.lookback, 'bar')];
    case 'loss':
      return Object.entries(loss.terms).map(([task, { kind }]) => {
        const weight = loss.weights[task];
        return `${weight === 1 ? '' : `${formatValue(weight)} × `}${task} ${kind}`;
      });
    case 'train':
      return [
        train.optimizer.kind,
        `${formatValue(train.optimizer.learning_rate)} ${train.schedule.kind}`,
        `batch ${formatCount(train.batch_size)}`,
        formatCounted(train.epochs, 'epoch'),
      ];
    default:
      return assertNever(group);
  }
}

function baseName(source: string): string {
  return source.startsWith('sample://') ? 'synthetic market' : (source.split('/').at(-1) ?? source);
}

function splitWords({ train, validation, test }: Config['data']['split']): string {
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
