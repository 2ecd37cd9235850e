import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What `almanac --help` says. */
export const usage = `usage: almanac <command>

  run <notebook> [override ...] [--json]   train a notebook: its name in ALMANAC_HOME/notebooks, or a path ending in .md
  ls [--json]                              list the newest runs
  show <id>                                all of a run, as JSON
  cancel <id>                              stop a run; its last checkpoint stays
  fork <id> [override ...] [--from best] [--json]
                                           train a changed copy of a run; --from starts from the weights of its
                                           checkpoint best, last or another name
  reindex                                  build the index again from the run folders
  doctor [architecture ...] [--again]      what this machine offers and lacks; how fast each engine trains these
                                           architectures; --again measures anew instead of remembering
  --help, --version

An id is a run's id or its number, as R12.

Overrides are Hydra's: train.epochs=5  model=large  +features.timeframes.1h.adx={}  ~features.timeframes.1h.macd

run and fork follow the run to its end: a progress bar in a terminal, a line every five seconds in a file or pipe (on
standard error; the result is on standard output). --json prints nothing but the finished run, one JSON object as
"show" prints it, on standard output. Exit code: 0 only where the run completed, 1 where it did not, 2 for wrong
arguments, 130 after Ctrl+C.

Ctrl+C stops the run at its next step, with a checkpoint "last"; a second Ctrl+C leaves at once while the run is still
being stopped. A run whose terminal is closed goes on: "almanac ls" finds it, and so does the page of npm start.

Settings: PORT, TRAINER_PORT, HOST, ALMANAC_HOME, ALMANAC_DATA_DIRS, ALMANAC_ENGINE, ALMANAC_CONCURRENCY, ALMANAC_TOKEN.`;

const manifest = z.object({ version: z.string() });

/** The version in package.json. */
export function programVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return manifest.parse(JSON.parse(text)).version;
}
