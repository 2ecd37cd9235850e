import type { ChildProcess } from 'node:child_process';
import { exitStatus, isLasting } from '#trainer/exit-status.ts';
import { BackOff, type ProgramEnd } from './back-off.ts';

/** One of the programs that make up the application, and who hears of it. */
interface KeptProgramOptions {
  /** What it is called within a sentence: `the page`. */
  readonly title: string;
  spawn(): ChildProcess;
  /** Whether it serves by now. */
  isServing(): Promise<boolean>;
  say(sentence: string): void;
  /** Called once where it is not started again; `status` is what to end with. */
  gaveUp(status: number): void;
  /** Its code is being written: where it ends with an error after it once served, it waits for `renew`. */
  readonly waitsForCode?: boolean;
  readonly backOff?: BackOff;
}

/** Ms between looks whether a program serves. */
const lookEvery = 50;

/** Ms after an end in which a stop of everything may still arrive: a terminal and a service manager signal all at once. */
const grace = 100;

/** Ms that a program has to end before it is killed. */
const patience = 5000;

/** Other statuses than these, and 1, say nothing to a service manager. */
const known: readonly (number | null)[] = Object.values(exitStatus).filter((status) => status > 1);

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/**
 * A program that is started again when it ends, whatever ended it: with growing waits, until it fails too often in a row.
 * One that has never served and ends with an error is given up at once: it has said what is wrong.
 */
export class KeptProgram {
  readonly #options: KeptProgramOptions;
  readonly #backOff: BackOff;
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #hasServed = false;
  #isStopping = false;
  #isRenewing = false;
  #settle: (serves: boolean) => void = () => undefined;

  constructor(options: KeptProgramOptions) {
    this.#options = options;
    this.#backOff = options.backOff ?? new BackOff();
  }

  /** Starts it. Resolves true when it first serves; false where it is given up or stopped before. */
  start(): Promise<boolean> {
    return new Promise((settle) => {
      this.#settle = settle;
      this.#launch();
    });
  }

  /** Ends it, or waits no longer for its code, and starts it anew. */
  renew(): void {
    if (this.#isStopping) return;
    if (this.#child === null) {
      clearTimeout(this.#timer);
      this.#launch();
    } else {
      this.#isRenewing = true;
      this.#child.kill('SIGTERM');
    }
  }

  /** Ends it for good; killed where it does not end within seconds. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#settle(false);
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return;
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(timer);
  }

  #launch(): void {
    const began = performance.now();
    const child = this.#options.spawn();
    this.#child = child;
    let serves = false;
    const ended = (how: string, code: number | null, isOwn: boolean) => {
      if (this.#child !== child) return;
      this.#child = null;
      const at = performance.now();
      void this.#ended(how, code, { at, lived: at - began, isFault: isOwn || !serves });
    };
    child.once('exit', (code, signal) => {
      const crashed = /^SIG(SEGV|ABRT|BUS|ILL|FPE|TRAP|SYS)$/.test(signal ?? '');
      ended(signal ?? `code ${code}`, code, crashed || (code ?? 0) !== 0);
    });
    // Where there is no process there is no exit either.
    child.once('error', (error) => {
      if (child.pid === undefined) ended(error.message, null, true);
    });
    void this.#untilServing(child).then((does) => {
      if (!does) return;
      serves = true;
      this.#hasServed = true;
      this.#settle(true);
    });
  }

  async #untilServing(child: ChildProcess): Promise<boolean> {
    for (; this.#child === child; await pause(lookEvery)) if (await this.#options.isServing()) return true;
    return false;
  }

  async #ended(how: string, code: number | null, end: ProgramEnd): Promise<void> {
    const { title, say, waitsForCode = false } = this.#options;
    if (this.#isRenewing) {
      this.#isRenewing = false;
      if (!this.#isStopping) this.#launch();
      return;
    }
    await pause(grace);
    // Renewed meanwhile.
    if (this.#isStopping || this.#child !== null) return;
    const failed = code !== null && code !== 0;
    if (failed && waitsForCode && this.#hasServed) {
      return say(`${title} ended (${how}); it starts again when its code changes.`);
    }
    if (failed && (!this.#hasServed || isLasting(code))) return this.#giveUp(code, `${title} did not start (${how})`);
    const wait = this.#backOff.next(end);
    if (wait === null) return this.#giveUp(code, `${title} ended again and again (at last ${how})`);
    say(`${title} ended (${how}); starting it again${wait < 1000 ? '' : ` in ${Math.round(wait / 1000)} s`}.`);
    this.#timer = setTimeout(() => this.#launch(), wait);
  }

  #giveUp(code: number | null, what: string): void {
    const { say, gaveUp } = this.#options;
    const isKnown = known.includes(code);
    // A status that means something comes with a sentence of the program's own.
    if (!isKnown) say(`${what}. The lines above say why.`);
    this.#settle(false);
    gaveUp(isKnown && code !== null ? code : exitStatus.gaveUp);
  }
}
