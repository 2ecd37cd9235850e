import type { FeaturesConfig, TimeframeConfig } from '#core/config/features.ts';
import { formatTimeframe, parseTimeframe } from '#core/time/timeframe.ts';
import { AppError, type Issue } from '#core/error.ts';
import { defaultIndicators } from './defaults.ts';
import type { Indicator } from './indicator.ts';
import { indicators } from './registry.ts';

/** One indicator with its parameters. */
export interface Chosen {
  readonly indicator: Indicator;
  readonly params: object;
}

/** One enabled timeframe: its length in ms, its usual name and what is computed on it, in the registry's order. */
export interface ChosenTimeframe {
  readonly step: number;
  readonly name: string;
  readonly chosen: readonly Chosen[];
}

/** `auto` is the step of the data and four times it, each with the default indicators (FORMATS.md#configuration). */
function autoTimeframes(baseStep: number): Readonly<Record<string, TimeframeConfig>> {
  return { [formatTimeframe(baseStep)]: defaultIndicators, [formatTimeframe(4 * baseStep)]: defaultIndicators };
}

/**
 * Enabled timeframes, shortest first, so that the order of the columns never depends on that of the keys.
 * Throws invalid_config, each issue with its path, where a timeframe is not a whole multiple of the base step (ms),
 * is named twice, or an indicator or parameter is not valid.
 */
export function requireTimeframes(config: FeaturesConfig['timeframes'], baseStep: number): readonly ChosenTimeframe[] {
  const issues: Issue[] = [];
  const result: ChosenTimeframe[] = [];
  const map = config === 'auto' ? autoTimeframes(baseStep) : config;
  for (const [key, value] of Object.entries(map)) {
    if (value.enabled === false) continue;
    const path = `features.timeframes.${key}`;
    const step = parseTimeframe(key);
    if (step === undefined) {
      issues.push({ path, message: `Expected a timeframe such as 15m, 1h or 1d, received "${key}".` });
    } else if (step < baseStep || step % baseStep !== 0) {
      issues.push({ path, message: offGrid(key, baseStep) });
    } else if (result.some((other) => other.step === step)) {
      issues.push({ path, message: `Expected each timeframe once; "${key}" is another name of one above. Remove it.` });
    } else {
      result.push({ step, name: formatTimeframe(step), chosen: choose(value, path, issues) });
    }
  }
  if (issues.length > 0) {
    throw new AppError('invalid_config', issues.map((issue) => `${issue.path}: ${issue.message}`).join(' '), {
      issues,
    });
  }
  return result.sort((a, b) => a.step - b.step);
}

function offGrid(key: string, baseStep: number): string {
  const base = formatTimeframe(baseStep);
  const example = formatTimeframe(4 * baseStep);
  return `Expected a whole multiple of the data's step ${base}, received ${key}. Name ${base}, ${example} or another multiple, or use data with shorter bars.`;
}

function choose(config: TimeframeConfig, path: string, issues: Issue[]): readonly Chosen[] {
  for (const key of Object.keys(config)) {
    if (key !== 'enabled' && !indicators.some((indicator) => indicator.name === key)) {
      const names = indicators.map((indicator) => indicator.name).join(', ');
      issues.push({ path: `${path}.${key}`, message: `Expected one of ${names}; received "${key}".` });
    }
  }
  const chosen: Chosen[] = [];
  for (const indicator of indicators) {
    const raw = config[indicator.name];
    if (raw === undefined || raw === null) continue;
    const parsed = indicator.params.safeParse(raw);
    if (parsed.success) {
      chosen.push({ indicator, params: parsed.data });
    } else {
      for (const issue of parsed.error.issues) {
        issues.push({ path: [path, indicator.name, ...issue.path].join('.'), message: issue.message });
      }
    }
  }
  return chosen;
}
