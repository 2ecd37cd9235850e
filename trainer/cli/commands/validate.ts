import type { Command } from 'commander';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { countWords } from '#core/count-words.ts';
import { issueLine } from '#trainer/cli/issue-line.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import type { NotebookFinding } from '#trainer/cli/check-notebook-file.ts';
import { findNotebookFiles } from '#trainer/cli/notebook-paths.ts';

interface ValidateOptions {
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** `almanac validate`: notebooks judged as a run would judge them, a finding a line, as compilers print them. */
export function addValidate(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('validate')
    .summary('check notebooks: a file, or every .md below a folder')
    .description(
      'Checks notebooks as a run would: their cells, keys, values. Prints file:line:column: message, a line each. Exit ' +
        'code 0 where all are right, 1 where one is not or none is found. Nothing is trained and no data is read.',
    )
    .argument('[path...]', 'a notebook, its name, or a folder; the notebooks of ALMANAC_HOME where none is given')
    .option('--strict', 'count warnings as well')
    .addOption(jsonOption('print the findings as a JSON array'))
    .addHelpText('after', '\nAs a hook of git (.git/hooks/pre-commit):\n  exec almanac validate notebooks')
    .action(async (paths: string[], { strict = false, json = false }: ValidateOptions) => {
      const { checkNotebookFile } = await import('#trainer/cli/check-notebook-file.ts');
      const files = await findNotebookFiles(paths, () => settings().notebooks);
      const findings: NotebookFinding[] = [];
      for (const { path, isFound, fault } of files) {
        if (fault === null) findings.push(...(await checkNotebookFile(path, isFound)));
        else findings.push(noNotebook(path, fault, isFound ? 'warning' : 'error'));
      }
      if (json) output.json(findings);
      else for (const finding of findings) output.print(toLine(finding));
      const bad = findings.filter(({ severity }) => strict || severity === 'error');
      if (!json && bad.length === 0)
        output.print(outcome(files.length, new Set(findings.map(({ file }) => file)).size));
      end(bad.length === 0 ? 0 : 1);
    });
}

/** What is said where nothing stands in the way of a run. */
function outcome(files: number, warned: number): string {
  const notebooks = countWords(files, 'notebook');
  if (warned === 0) return `${notebooks} ${files === 1 ? 'is' : 'are'} right`;
  return `${notebooks}: ${files - warned} right, ${warned} with warnings`;
}

/** The library does not list such a file, and a run cannot name it. */
function noNotebook(file: string, fault: string, severity: NotebookFinding['severity']): NotebookFinding {
  return {
    file,
    line: 1,
    column: 1,
    severity,
    code: 'no_notebook',
    path: null,
    message: `this file is no notebook: ${fault}`,
  };
}

function toLine({ file, line, column, severity, path, message }: NotebookFinding): string {
  const said = issueLine({ path: path ?? '', message });
  return `${file}:${line}:${column}: ${severity === 'warning' ? 'warning: ' : ''}${said}`;
}
