import { eventSchema, type RunEvent } from '#core/run/event.ts';
import { reduceRun, type RunView } from '#core/run/reduce.ts';
import type { LineChunk } from '#trainer/run-folder/log-lines.ts';

/** Some lines of a log as they go into the index. */
export interface LogPiece {
  readonly events: readonly { readonly event: RunEvent; readonly body: string }[];
  readonly bad: readonly { readonly offset: number; readonly bytes: number; readonly reason: string }[];
  /** State of the run after these events. */
  readonly view: RunView;
  /** Byte after the last of these lines. */
  readonly to: number;
}

/**
 * The lines behind `before` in pieces of at most `maxRows` rows of the index (an event, and one more for each value of a
 * metric); one line alone may be more. A piece is read when it is asked for.
 */
export function* toPieces(chunk: LineChunk, before: RunView, maxRows: number): Generator<LogPiece, void, void> {
  let view = before;
  let events: { event: RunEvent; body: string }[] = [];
  let bad: { offset: number; bytes: number; reason: string }[] = [];
  let rows = 0;
  for (const { offset, bytes, text } of chunk.lines) {
    const parsed = parseLine(text, view.lastSeq);
    const more = rowsOf(parsed);
    if (rows > 0 && rows + more > maxRows) {
      yield { events, bad, view, to: offset };
      [events, bad, rows] = [[], [], 0];
    }
    rows += more;
    if ('reason' in parsed) bad.push({ offset, bytes, reason: parsed.reason });
    else {
      events.push(parsed);
      view = reduceRun(view, parsed.event);
    }
  }
  if (rows > 0) yield { events, bad, view, to: chunk.next };
}

type ParsedLine = { readonly event: RunEvent; readonly body: string } | { readonly reason: string };

function rowsOf(line: ParsedLine): number {
  return 'event' in line && line.event.type === 'metric' ? 1 + Object.keys(line.event.values).length : 1;
}

function parseLine(text: string | null, lastSeq: number): ParsedLine {
  if (text === null) return { reason: 'longer than 1 MB' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: 'not JSON' };
  }
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { reason: `not an event: ${issue.path.join('.')}: ${issue.message}` };
  }
  const { seq } = parsed.data;
  if (seq <= lastSeq) return { reason: `seq ${seq} after ${lastSeq}` };
  // Written again rather than copied, so that no carriage return or stray space reaches a stream.
  return { event: parsed.data, body: JSON.stringify(value) };
}
