import type { CellKind, Speed } from '#core/api/cell-answers.ts';
import type { Config } from '#core/config/config.ts';
import type { EngineName } from '#core/engines/registry.ts';
import type { WantedBars } from '#trainer/steps/find-bars.ts';

/** The engine that a run would get, and why, in a sentence. */
export interface ChosenEngine {
  readonly name: EngineName;
  readonly why: string;
}

/** What the cell program is asked: one cell of a configuration, whose other groups may be defaults where no step of it reads them. */
export interface CellTask {
  readonly kind: CellKind;
  readonly config: Config;
  /** Folders that data may come from. */
  readonly roots: readonly string[];
  /** Where the runs lie, and with them what was computed before. */
  readonly runsFolder: string;
  /** Kept bars that are to be used, whatever the file is by now; null: those of the file. */
  readonly bars: WantedBars | null;
  /** What the model cell is timed on. */
  readonly engine: ChosenEngine | null;
}

/** What the program says while it works. */
export type CellMessage =
  | { readonly type: 'progress'; readonly step: CellKind; readonly share: number | null; readonly doing: string }
  | {
      readonly type: 'done';
      readonly step: CellKind;
      readonly from: 'cache' | 'computed';
      readonly why: string;
      readonly seconds: number;
      readonly saved: number;
    }
  /** It would open the engine now, and waits for a reply. */
  | { readonly type: 'measure' };

/** What it is told of the engine. */
export type CellReply =
  | { readonly type: 'go' }
  /** It is taken, or is wanted back: `last` is what was measured before. */
  | { readonly type: 'taken'; readonly note: string; readonly last: Speed | null };
