import type { Lineage, LineageRun } from '#core/api/lineage.ts';
import { firstLine } from '#core/run/first-line.ts';
import type { RunSession } from './run-session.svelte.ts';

/** A lineage with a run of it as its page knows it: as new as its events, and with what was said of it since it was read. */
export function treeWith(lineage: Lineage, session: RunSession): Lineage {
  const { status, metrics, evaluation, engine, finishedAt, stalledSince } = session;
  const { id, name, starred, conclusion } = session.detail;
  const now: Partial<LineageRun> = {
    ...{ status, metrics, evaluation, engine, finishedAt, stalledSince, name, starred },
    conclusion: firstLine(conclusion),
  };
  return { ...lineage, runs: lineage.runs.map((run) => (run.id === id ? { ...run, ...now } : run)) };
}
