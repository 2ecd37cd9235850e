import { type Command, Option } from 'commander';
import { type LogsAnswer, logsAnswer } from '#core/api/run-answers.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { readLogLines } from '#trainer/sidecar/runs/log-lines.ts';
import { type Client, settle } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { findClient, withIndex, withSidecar } from '#trainer/cli/connect.ts';
import { followRun } from '#trainer/cli/follow.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, requireStored, runName } from '#trainer/cli/run-name.ts';
import type { Output } from '#trainer/cli/output.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];
type LogLine = LogsAnswer['lines'][number];

interface LogOptions {
  readonly follow?: boolean;
  readonly level: Level;
  readonly json?: boolean;
}

/** Lines that are asked for at once. */
const pageSize = 5000;

/** `almanac logs`: what the trainer of a run said. */
export function addLogs(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('logs')
    .summary('the log of a run; -f follows it')
    .description('Prints the log of a run, a line each: time, level, message.')
    .argument('<id>', runName)
    .option('-f, --follow', 'go on with what comes, until the run ends')
    .addOption(
      new Option('--level <level>', 'only lines of this level or a graver one').choices(levels).default('debug'),
    )
    .addOption(jsonOption('print one JSON object a line'))
    .action(async (name: string, { follow = false, level, json = false }: LogOptions) => {
      const print = (line: LogLine) => {
        if (levels.findIndex((known) => known === line.level) < levels.indexOf(level)) return;
        output.print(json ? JSON.stringify(line) : `${line.at} ${line.level.padEnd(5)} ${line.message}`);
      };
      if (follow) end(await withSidecar(settings(), (client) => followLog(client, name, print)));
      else for await (const line of readLog(settings(), output, name)) print(line);
    });
}

/** All lines there are, and those that come until the run ends or Ctrl+C is pressed; the exit code says which. */
async function followLog(client: Client, name: string, print: (line: LogLine) => void): Promise<number> {
  const id = await askRunId(client, name);
  const leave = new AbortController();
  const interrupt = () => leave.abort();
  process.once('SIGINT', interrupt);
  try {
    for await (const event of followRun(client, id, 0, leave.signal)) if (event.type === 'log') print(event);
    return leave.signal.aborted ? 130 : 0;
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

async function* readLog(settings: Settings, output: Output, name: string): AsyncGenerator<LogLine> {
  const client = findClient(settings);
  if (client === null) {
    const lines = await withIndex(settings, output, async ({ db }) => {
      const { id, view } = await requireStored(db, name);
      return (await readLogLines(db, id, { offset: 0, upTo: view.lastSeq, limit: Infinity })).lines;
    });
    return yield* lines;
  }
  const id = await askRunId(client, name);
  for (let offset = 0; ;) {
    const page = await readPage(client, id, offset);
    yield* page.lines;
    if (page.lines.length < pageSize) return;
    offset = page.next;
  }
}

async function readPage(client: Client, id: string, offset: number): Promise<LogsAnswer> {
  const query = { offset: String(offset), limit: String(pageSize) };
  // The route answers text as well, so its type does not say which.
  return logsAnswer.parse(await (await settle(client.runs[':id'].logs.$get({ param: { id }, query }))).json());
}
