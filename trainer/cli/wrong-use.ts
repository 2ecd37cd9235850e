import type { Command, CommanderError } from 'commander';
import { AppError } from '#core/error.ts';

/**
 * A refusal of commander's as the house says it: what was wrong, what is known or expected, where to read on. Help and
 * the version, which commander ends with as well, stay what they are.
 */
export function explainWrongUse(error: CommanderError, command: Command): Error {
  if (error.exitCode === 0 || error.code === 'commander.help') return error;
  const [what, hint] = error.message.replace(/^error: /, '').split('\n');
  const next = nextStep(error.code, command);
  const said = next === '' ? what : `${what.replace(/\.$/, '')}; ${next}.`;
  const meant = hint === undefined ? '' : ` ${hint.replace(/^\((.*)\)$/, '$1')}`;
  const message = `${said}${/[.?]$/.test(said) ? '' : '.'}${meant} See ${nameOf(command)} --help.`;
  return new AppError('invalid_request', message);
}

function nextStep(code: string, command: Command): string {
  const visible = command.createHelp().visibleCommands(command);
  switch (code) {
    case 'commander.unknownOption':
      return `known here: ${command.options.map(({ flags }) => flags).join(', ') || 'none'}`;
    case 'commander.unknownCommand':
      return `commands are ${visible.map((known) => known.name()).join(', ')}`;
    case 'commander.missingArgument':
    case 'commander.excessArguments':
      return `usage: ${nameOf(command)} ${command.usage()}`;
    default:
      return '';
  }
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}
