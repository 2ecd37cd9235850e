import type { Argument, Command, Option } from 'commander';
import type { Settings } from '#trainer/settings/settings.ts';
import { type Candidate, fileNames } from './candidate.ts';
import { completeNotebooks, completeRuns } from './complete-names.ts';
import { completeOverride } from './complete-override.ts';

/** What may stand where the last of `words`, which may be empty, is. */
export async function complete(
  program: Command,
  words: readonly string[],
  settings: () => Settings,
): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = program.commands.find((known) => known.name() === before[0]);
  const found =
    command === undefined
      ? before.length === 0
        ? [...listCommands(program), ...listOptions(program, current)]
        : []
      : await completeIn(command, before.slice(1), current, settings);
  return found.filter((candidate) => candidate === fileNames || candidate.value.startsWith(current));
}

function listCommands(program: Command): readonly Candidate[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ value: command.name(), what: command.summary() || command.description() }));
}

function listOptions(command: Command, current: string): readonly Candidate[] {
  if (!current.startsWith('-')) return [];
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long == null ? [] : [{ value: long, what: description }]));
}

async function completeIn(
  command: Command,
  before: readonly string[],
  current: string,
  settings: () => Settings,
): Promise<readonly Candidate[]> {
  const option = optionOf(command, before.at(-1));
  if (option?.required === true) return completeValue(option, settings);
  const [, flag] = /^(--[a-z-]+)=/.exec(current) ?? [];
  const inOne = command.options.find(({ long }) => long === flag);
  if (inOne !== undefined) {
    return (await completeValue(inOne, settings)).map(({ value, what }) => ({ value: `${flag}=${value}`, what }));
  }
  if (current.startsWith('-')) return listOptions(command, current);
  const argument = argumentAt(command, before);
  return argument === undefined ? [] : completeArgument(command, argument, current, settings);
}

function optionOf(command: Command, word: string | undefined): Option | undefined {
  return word === undefined ? undefined : command.options.find(({ long, short }) => long === word || short === word);
}

/** The argument that comes next behind these words. */
function argumentAt(command: Command, before: readonly string[]): Argument | undefined {
  const given = before.filter(
    (word, index) => !word.startsWith('-') && optionOf(command, before[index - 1])?.required !== true,
  );
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  return registeredArguments[given.length] ?? (last?.variadic === true ? last : undefined);
}

async function completeValue(option: Option, settings: () => Settings): Promise<readonly Candidate[]> {
  if (option.long === '--notebook') return completeNotebooks(settings());
  if (option.long === '--from') return ['best', 'last'].map((value) => ({ value, what: 'checkpoint of the parent' }));
  return (option.argChoices ?? []).map((value) => ({ value, what: '' }));
}

async function completeArgument(
  command: Command,
  argument: Argument,
  current: string,
  settings: () => Settings,
): Promise<readonly Candidate[]> {
  switch (argument.name()) {
    case 'id':
      return completeRuns(settings(), command.name());
    case 'notebook':
    case 'path':
      return [...(await completeNotebooks(settings())), fileNames];
    case 'override':
      return completeOverride(current);
    default:
      return (argument.argChoices ?? []).map((value) => ({ value, what: '' }));
  }
}
