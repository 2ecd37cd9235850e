import { SvelteMap } from 'svelte/reactivity';
import type { DeliveredEvent, EventOf } from '#core/run/event.ts';
import { emptyRunView, reduceRun, type RunResult, type RunView, withTest } from '#core/run/reduce.ts';
import {
  appendMetric,
  emptySeries,
  loadMetric,
  type MetricColumn,
  metricColumn,
  metricNames,
} from '#core/run/series.ts';
import { type LogLine, RunLog } from './run-log.svelte.ts';
import { linesAtOnce, type RunCourse, type RunRecords } from './run-opening.ts';
import { SystemSeries } from './system-series.ts';

/**
 * What a page holds of a run: what was read when it opened, thinned to what a screen can show, and every event since, folded
 * by the same reducer as on the server. Who reads a metric, the log or the readings hears of those alone.
 */
export class RunFold {
  readonly #series = emptySeries();
  readonly log = new RunLog();
  readonly #system = new SystemSeries();
  #view = $state.raw<RunView>(emptyRunView());
  /** Views on the series, a new one of each metric that has got new values. */
  readonly #columns = new SvelteMap<string, MetricColumn>();
  #names = $state.raw<readonly string[]>([]);
  #systemVersion = $state(0);
  /** Up to which event each part was read when the page opened: an event up to there is in it. */
  #metricsSeq = 0;
  #systemSeq = 0;
  #logSeq = 0;

  get view(): RunView {
    return this.#view;
  }
  get metricNames(): readonly string[] {
    return this.#names;
  }
  get system(): SystemSeries {
    void this.#systemVersion;
    return this.#system;
  }
  metric(name: string): MetricColumn {
    return this.#columns.get(name) ?? metricColumn(this.#series, name);
  }

  /** Takes what was read of a run first. @returns seq behind which its events are to be folded */
  open({ view, curves }: RunCourse): number {
    this.#view = view;
    for (const [name, curve] of Object.entries(curves.curves)) loadMetric(this.#series, name, curve);
    this.#metricsSeq = curves.lastSeq;
    this.#publish(Object.keys(curves.curves));
    return Math.min(view.lastSeq, curves.lastSeq);
  }

  /** Takes what was read besides, before any event is folded. @returns as `open` does, of these */
  complete({ system, log }: RunRecords): number {
    for (const sample of system.samples) this.#system.add(sample);
    this.addEarlier(log.lines);
    [this.#systemSeq, this.#logSeq] = [system.lastSeq, log.lastSeq];
    this.#systemVersion++;
    return Math.min(system.lastSeq, log.lastSeq);
  }

  /** Folds events, in their order. */
  add(events: readonly DeliveredEvent[]): void {
    let view = this.#view;
    const measured: Record<string, true> = {};
    const lines: EventOf<'log'>[] = [];
    let hasReadings = false;
    for (const event of events) {
      view = reduceRun(view, event);
      if (event.type === 'metric' && event.seq > this.#metricsSeq) {
        appendMetric(this.#series, event);
        for (const name of Object.keys(event.values)) measured[name] = true;
      } else if (event.type === 'log' && event.seq > this.#logSeq) lines.push(event);
      else if (event.type === 'system' && event.seq > this.#systemSeq) {
        this.#system.add(event);
        hasReadings = true;
      }
    }
    this.#view = view;
    if (lines.length > 0) this.log.add(lines);
    this.#publish(Object.keys(measured));
    if (hasReadings) this.#systemVersion++;
  }

  /** Puts lines in front of the log. */
  addEarlier(lines: readonly LogLine[]): void {
    this.log.addEarlier(lines, lines.length === linesAtOnce);
  }

  /** Shows the test result, which the events before have withheld. */
  openTest(result: RunResult): void {
    this.#view = withTest(this.#view, result);
  }

  #publish(measured: readonly string[]): void {
    for (const name of measured) this.#columns.set(name, metricColumn(this.#series, name));
    if (this.#columns.size > this.#names.length) this.#names = metricNames(this.#series);
  }
}
