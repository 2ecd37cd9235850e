/** Labels and forecasts of one task, in target units; NaN where the file has an empty cell. */
interface TaskForecasts {
  readonly task: string;
  readonly target: readonly number[];
  readonly prediction: readonly number[];
}

/** What a run said of the rows of one split, a column a task; all columns are equally long. */
export interface Forecasts {
  /** Decision instants, ms UTC. */
  readonly time: readonly number[];
  readonly tasks: readonly TaskForecasts[];
}

/**
 * Reads `predictions.csv` line by line (FORMATS.md#run-folder) and keeps the rows of one split. Give it the header
 * first, then every other line without its line feed, then ask for the `forecasts`.
 */
export class ForecastReader {
  readonly #split: string;
  readonly #columns: readonly { readonly task: string; readonly target: number; readonly prediction: number }[];
  readonly #timeAt: number;
  readonly #splitAt: number;
  readonly #time: number[] = [];
  readonly #values: readonly { readonly task: string; readonly target: number[]; readonly prediction: number[] }[];

  /** @param tasks names of the tasks, in their order. @throws Error naming the columns where one is missing. */
  constructor(header: string, tasks: readonly string[], split: string) {
    const names = header.trimEnd().split(',');
    const find = (name: string) => {
      const at = names.indexOf(name);
      if (at >= 0) return at;
      throw new Error(`Expected a column ${name}, received ${names.slice(0, 20).join(', ').slice(0, 200)}.`);
    };
    const own = (kind: string, task: string) => find(tasks.length > 1 ? `${kind}_${task}` : kind);
    this.#split = split;
    this.#timeAt = find('time');
    this.#splitAt = find('split');
    this.#columns = tasks.map((task) => ({ task, target: own('target', task), prediction: own('prediction', task) }));
    this.#values = tasks.map((task) => ({ task, target: [], prediction: [] }));
  }

  /** @throws Error where a row of the split has no time. */
  take(line: string): void {
    const cells = line.trimEnd().split(',');
    if (cells[this.#splitAt] !== this.#split) return;
    const time = Date.parse(cells[this.#timeAt]);
    if (Number.isNaN(time)) throw new Error(`Expected a time, received ${cells[this.#timeAt].slice(0, 60)}.`);
    this.#time.push(time);
    for (const [k, { target, prediction }] of this.#columns.entries()) {
      this.#values[k].target.push(toNumber(cells[target]));
      this.#values[k].prediction.push(toNumber(cells[prediction]));
    }
  }

  get forecasts(): Forecasts {
    return { time: this.#time, tasks: this.#values };
  }
}

function toNumber(cell: string | undefined): number {
  return cell === undefined || cell === '' ? NaN : Number(cell);
}
