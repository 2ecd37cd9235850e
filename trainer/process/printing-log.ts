import { writeSync } from 'node:fs';
import type { RunEvent } from '#core/run/event.ts';
import { hasEnded } from '#core/run/state.ts';
import type { EventLog } from '#trainer/run-folder/event-log.ts';

/** Writes to standard error, which the launcher has turned to trainer.log. It never throws: words must not fail a run. */
export function printSafely(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // The disk is full, or nobody reads: what matters is in the events as well.
  }
}

/** The log `inner`, which also prints what a person would read in it: `<time> <level> <message>` a line. */
export function printed(inner: EventLog, print: (text: string) => void): EventLog {
  return {
    get lastSeq() {
      return inner.lastSeq;
    },
    get last() {
      return inner.last;
    },
    append(body) {
      const say = (event: RunEvent) => {
        const line = toLine(event);
        if (line !== null) print(line);
      };
      if (body.type === 'status' && hasEnded(body.state)) {
        // After the terminal status nothing in the folder changes, so its line is in trainer.log before it is written.
        const { lastSeq, last } = inner;
        say({ ...body, seq: lastSeq + 1, at: new Date().toISOString(), attempt: last?.attempt ?? 1 });
        return inner.append(body);
      }
      const event = inner.append(body);
      say(event);
      return event;
    },
    sync: () => inner.sync(),
    close: () => inner.close(),
  };
}

/** Null for measurements: they have files of their own. */
function toLine(event: RunEvent): string | null {
  switch (event.type) {
    case 'log':
      return line(event, event.level, event.message);
    case 'status': {
      const on = event.engine === undefined ? '' : ` on ${event.engine} (${event.device ?? 'unknown device'})`;
      const why = event.reason === undefined ? '' : `: ${event.reason}`;
      return line(event, event.state === 'failed' ? 'error' : 'info', `${event.state}${on}${why}`);
    }
    case 'checkpoint': {
      const { name, epoch, step, metric, value, bytes } = event;
      const text = `checkpoint ${name}: epoch ${epoch}, step ${step}, ${metric} ${value}, ${bytes} bytes`;
      return line(event, 'info', text);
    }
    default:
      return null;
  }
}

function line({ at, attempt }: RunEvent, level: string, message: string): string {
  return `${at} ${level.padEnd(5)} [${attempt}] ${message}\n`;
}
