import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '#trainer/native/command.ts';
import { compile, findCompiler, nodeHeaders } from '#trainer/native/compile.ts';
import { checkSymbols } from '#trainer/native/symbols.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

const compiler = await runCommand('g++', ['--version']);

describe('findCompiler', () => {
  it('says what to install', async () => {
    await expect(findCompiler('no-such-compiler')).rejects.toThrow(/no-such-compiler was not found.*apt install g\+\+/);
  });
});

describe('nodeHeaders', () => {
  it('finds those that come as a package', () => {
    expect(nodeHeaders()).toMatch(/node-api-headers.include$/);
  });
});

describe.skipIf(compiler === undefined)('with a compiler', () => {
  it('names the functions that a library lacks', async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'binding.cc');
    writeFileSync(
      source,
      'extern "C" { void TF_One(); void TFE_Two(); void TF_Three(); }\nvoid f() { TF_One(); TFE_Two(); TF_Three(); }\n',
    );
    const objects = await compile(folder, folder, folder);
    writeFileSync(join(folder, 'lib.cc'), 'extern "C" void TF_One() {}\n');
    const library = join(folder, 'lib.so');
    await runCommand('g++', ['-shared', '-fPIC', '-o', library, join(folder, 'lib.cc')]);
    await expect(checkSymbols(objects, [library])).rejects.toThrow(
      /lacks 2 of the 3 C functions.*: TFE_Two, TF_Three\. Take another version/,
    );
    await expect(checkSymbols(objects, [source])).rejects.toThrow(/nm cannot read/);
  });

  it('says which file does not compile, and why', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'broken.cc'), '#include "absent.h"\n');
    await expect(compile(folder, folder, folder)).rejects.toThrow(/broken\.cc does not compile.*absent\.h/);
  });
});
