import { parseRange, requireInstant } from '#core/time/range.ts';
import { parseTimeframe } from '#core/time/timeframe.ts';
import { openZone } from '#core/time/zone.ts';
import { AppError, type Issue } from '#core/error.ts';
import { lossesFor } from '#core/losses/registry.ts';
import { targetOf } from '#core/targets/registry.ts';
import type { Config, ConfigGroups } from './config.ts';
import type { DataConfig } from './data.ts';
import { shown } from './expectation.ts';
import { isHigherBetter, selectMetrics } from './select-metric.ts';
import { closest } from './suggestion.ts';

/**
 * Checks that concern several keys at once, of the groups whose keys are each known to be in range: what is wrong in one
 * group hides nothing in the others.
 */
export function checkConfig({ data, features, targets, loss, train }: ConfigGroups): Issue[] {
  return [
    ...(data ? [checkSource, checkTimes, checkShares].flatMap((check) => check({ data })) : []),
    ...(features ? checkFeatures({ features }) : []),
    ...(targets ? checkTasks({ targets }) : []),
    ...(loss && targets ? checkLoss({ loss, targets }) : []),
    ...(train && targets ? checkSelect({ train, targets }) : []),
  ];
}

function checkSource({ data }: Pick<Config, 'data'>): Issue[] {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(data.source)?.[1];
  if (scheme === undefined || scheme === 'sample') return [];
  const message = `expected a file, a glob or sample://market, received a URL (${shown(data.source)}); download it into a data folder first`;
  return [{ path: 'data.source', message }];
}

/** What cannot be read as a range, else what is wrong with the instants inside it. */
function checkTimes({ data }: Pick<Config, 'data'>): Issue[] {
  try {
    return checkInstants(data);
  } catch (error) {
    if (error instanceof AppError) return [...error.issues];
    throw error;
  }
}

function checkShares({ data: { split } }: Pick<Config, 'data'>): Issue[] {
  const sum = split.train + split.validation + split.test;
  if (Math.abs(sum - 1) <= 1e-6) return [];
  const parts = `${split.train} + ${split.validation} + ${split.test}`;
  const message = `expected train, validation and test to sum to 1, received ${parts} = ${Number(sum.toPrecision(6))}`;
  return [{ path: 'data.split', message }];
}

/** The instants of data.split ascend and lie inside data.range. */
function checkInstants({ split, range, timezone }: DataConfig): Issue[] {
  const zone = openZone(timezone);
  const [start, end] = parseRange(range, zone);
  if ((split.validation_from === null) !== (split.test_from === null)) {
    const both = ['validation_from', 'test_from'] as const;
    const [given, missing] = split.test_from === null ? both : [both[1], both[0]];
    const message = `expected a time, because ${given} is ${split[given]}, received null; give both, or neither and the shares say`;
    return [{ path: `data.split.${missing}`, message }];
  }
  let before = { name: 'data.range.start', text: range.start, ms: start };
  for (const key of ['validation_from', 'test_from', 'until'] as const) {
    const text = split[key];
    if (text === null) continue;
    const path = `data.split.${key}`;
    const { ms } = requireInstant(path, text, zone);
    if (ms <= before.ms) {
      return [{ path, message: `expected a time after ${before.name} (${before.text}), received ${text}` }];
    }
    if (key === 'until' ? ms > end : ms >= end) {
      return [{ path, message: `expected a time before data.range.end (${range.end}), received ${text}` }];
    }
    before = { name: path, text, ms };
  }
  return [];
}

function checkFeatures({ features: { timeframes, columns, calendar } }: Pick<Config, 'features'>): Issue[] {
  if (timeframes === 'auto') return [];
  const enabled = Object.entries(timeframes).filter(([, timeframe]) => timeframe.enabled !== false);
  const empty = enabled.filter(([, timeframe]) => Object.keys(timeframe).every((key) => key === 'enabled'));
  if (empty.length > 0) {
    return empty.map(([name]) => ({
      path: `features.timeframes.${name}`,
      message: 'expected at least one indicator, received none; e.g. rsi: {}, or leave the timeframe out',
    }));
  }
  const steps = enabled.map(([name]) => parseTimeframe(name));
  const twice = enabled.find(([name], i) => steps.indexOf(parseTimeframe(name)) < i);
  if (twice) {
    const other = enabled[steps.indexOf(parseTimeframe(twice[0]))][0];
    const message = `expected each timeframe once, and ${twice[0]} is as long as ${other}; join the two`;
    return [{ path: `features.timeframes.${twice[0]}`, message }];
  }
  if (enabled.length > 0 || Object.keys(columns).length > 0 || calendar?.time_of_day || calendar?.day_of_week)
    return [];
  const message = 'expected at least one feature, received none; add a timeframe with an indicator, or write auto';
  return [{ path: 'features.timeframes', message }];
}

function checkTasks({ targets: { tasks } }: Pick<Config, 'targets'>): Issue[] {
  const names = Object.keys(tasks);
  if (names.length === 0) {
    return [{ path: 'targets.tasks', message: 'expected at least one task, received none; e.g. ret: {kind: return}' }];
  }
  if (names.length > 16) {
    return [{ path: 'targets.tasks', message: `expected at most 16 tasks, received ${names.length}` }];
  }
  if (!names.includes('weights')) return [];
  return [{ path: 'targets.tasks.weights', message: 'expected another name: loss.weights holds the weights' }];
}

function checkLoss({ loss, targets: { tasks } }: Pick<Config, 'loss' | 'targets'>): Issue[] {
  const names = Object.keys(tasks);
  const unknown = (path: string, name: string): Issue => {
    const meant = closest(name, names);
    const next = meant ? `did you mean ${meant}?` : `the tasks are ${names.join(', ')}`;
    return { path: `${path}.${name}`, message: `there is no task ${shown(name)} in targets.tasks; ${next}` };
  };
  const issues = Object.keys(loss.weights)
    .filter((name) => !names.includes(name))
    .map((name) => unknown('loss.weights', name));
  for (const [name, term] of Object.entries(loss.terms)) {
    if (!names.includes(name)) {
      issues.push(unknown('loss', name));
      continue;
    }
    const path = `loss.${name}.kind`;
    const { scale, phrase } = targetOf(tasks[name].kind);
    const fitting = lossesFor(scale.name);
    if (!fitting.includes(term.kind)) {
      const expected = `${fitting.length > 1 ? 'one of ' : ''}${fitting.join(', ')}`;
      issues.push({
        path,
        message: `expected ${expected}, because ${name} is ${phrase}, received ${shown(term.kind)}`,
      });
    }
  }
  if (names.length > 0 && names.every((name) => loss.weights[name] === 0)) {
    issues.push({
      path: 'loss.weights',
      message: 'expected a weight above 0 for at least one task, received 0 for all',
    });
  }
  return issues;
}

function checkSelect({ train: { select }, targets: { tasks } }: Pick<Config, 'train' | 'targets'>): Issue[] {
  const known = selectMetrics(tasks);
  if (select.metric.startsWith('test.')) {
    const wanted = select.metric.replace('test.', 'val.');
    const message =
      'expected a validation metric: a checkpoint chosen by its test scores has seen the test, and its test results ' +
      `are worth nothing${known.includes(wanted) ? `; did you mean ${wanted}?` : ''}`;
    return [{ path: 'train.select.metric', message }];
  }
  if (!known.includes(select.metric)) {
    const meant = closest(select.metric, known);
    const next = meant ? `did you mean ${meant}?` : '';
    const message = `expected one of ${known.join(', ')}, received ${shown(select.metric)}${next && `; ${next}`}`;
    return [{ path: 'train.select.metric', message }];
  }
  const mode = isHigherBetter(select.metric) ? 'max' : 'min';
  if (mode === select.mode) return [];
  const better = mode === 'max' ? 'higher' : 'lower';
  return [{ path: 'train.select.mode', message: `expected ${mode}, because a ${better} ${select.metric} is better` }];
}
