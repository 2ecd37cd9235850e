import type { RunEvent } from '#core/run/event.ts';
import type { ArrivedEvent } from '#lib/api/runs.ts';
import type { ListListener, RunListener } from '#lib/live/live-source.ts';
import type { LiveStream } from '#lib/live/live-stream.ts';
import { FakeClock } from '#tests/support/fake-clock.ts';

type LiveEffects = NonNullable<ConstructorParameters<typeof LiveStream>[0]>;
type Connection = ReturnType<LiveEffects['connect']>;

export function line(seq: number): RunEvent {
  return { seq, at: '2026-01-01T00:00:00.000Z', attempt: 1, type: 'log', level: 'info', message: `line ${seq}` };
}

interface FakeConnection extends Connection {
  readonly url: string;
  closed: boolean;
  open(): void;
  fail(): void;
  send(kind: 'event' | 'gone' | 'restart' | 'list', data: unknown): void;
}

/** A server and a clock under the test's hand. */
export class FakeServer extends FakeClock implements LiveEffects {
  connections: FakeConnection[] = [];

  connect(url: string): Connection {
    let [opened, failed] = [() => {}, () => {}];
    const frames = new Map<string, (data: string) => void>();
    const connection: FakeConnection = {
      url,
      closed: false,
      onopen: (listener) => void (opened = listener),
      onerror: (listener) => void (failed = listener),
      onframe: (kind, listener) => void frames.set(kind, listener),
      close: () => void (connection.closed = true),
      open: () => opened(),
      fail: () => failed(),
      send: (kind, data) => frames.get(kind)?.(JSON.stringify(data)),
    };
    this.connections.push(connection);
    return connection;
  }

  get open(): readonly FakeConnection[] {
    return this.connections.filter(({ closed }) => !closed);
  }
  get last(): FakeConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error('nobody has connected');
    return last;
  }

  /** Sends lines of a run's log, each behind the one before it. */
  tell(run: string, ...seqs: readonly number[]): void {
    for (const seq of seqs) this.last.send('event', { run, after: seq - 1, event: line(seq) });
    this.pass(100);
  }
}

/** Writes down what it hears. */
export class Ear implements RunListener, ListListener {
  readonly heard: string[] = [];
  readonly arrived: ArrivedEvent[] = [];
  readonly lists: (readonly string[])[] = [];
  opened(): void {
    this.heard.push('opened');
  }
  broken(failures: number): void {
    this.heard.push(`broken ${failures}`);
  }
  events(events: readonly ArrivedEvent[]): void {
    this.arrived.push(...events);
  }
  gone(): void {
    this.heard.push('gone');
  }
  restarted(): void {
    this.heard.push('restarted');
  }
  changed(ids: readonly string[]): void {
    this.lists.push(ids);
  }
  get seqs(): readonly number[] {
    return this.arrived.map(({ seq }) => seq);
  }
}
