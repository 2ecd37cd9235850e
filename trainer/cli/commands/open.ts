import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Command } from 'commander';
import { AppError } from '#core/error.ts';
import { callableHost } from '#core/guard/listening.ts';
import { localUrl, type Settings } from '#trainer/settings/settings.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { findClient } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { askRunId, runName } from '#trainer/cli/run-name.ts';

/** `almanac open`: the page of a run, in the browser. */
export function addOpen(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('open')
    .summary('open the page of a run in the browser')
    .description(
      'Opens the page of a run, or the first page, in the browser, and prints its address. npm start has to run.',
    )
    .argument('[id]', runName)
    .option('--print', 'print the address alone')
    .addOption(jsonOption('print the address alone, as JSON'))
    .action(async (name: string | undefined, options: { print?: boolean; json?: boolean }) => {
      const url = await findPage(settings(), name);
      if (options.json === true) return output.json({ url });
      output.print(url);
      if (options.print === true) return;
      const reason = await openBrowser(url);
      if (reason !== null) output.note(`almanac: no browser was opened (${reason}); open the address above by hand`);
      end(reason === null ? 0 : 1);
    });
}

/** Address of the page. @throws AppError where no app of this home serves it. */
async function findPage(settings: Settings, name: string | undefined): Promise<string> {
  const { port, home } = settings;
  const origin = `${localUrl(settings, port)}/`;
  const client = findClient(settings);
  const serves = client !== null && (await doesAnswer(settings));
  if (!serves) {
    throw new AppError('internal', `No page of ${home} answers at ${origin}. Start it first: npm start`);
  }
  return name === undefined ? origin : `${origin}runs/${await askRunId(client, name)}`;
}

function doesAnswer({ host, port }: Settings): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, callableHost(host));
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** The program of each system that opens an address. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  // What `start` of the command prompt calls, without the prompt.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Resolves with null once a program has taken the address, else with why none has. */
function openBrowser(url: string): Promise<string | null> {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  return new Promise((done) => {
    const child = spawn(command, [...args, url], { detached: true, stdio: 'ignore' });
    child.once('error', ({ message }) => done(message));
    child.once('exit', (code) => done(code === 0 ? null : `${command} ended with ${code}`));
    // A browser that it has become stays.
    setTimeout(() => done(null), 2000).unref();
    child.unref();
  });
}
