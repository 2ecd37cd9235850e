import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { followControl } from '#trainer/run-folder/control.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

function controlled(attempt = 1) {
  const path = join(temporaryFolder(), 'control.json');
  return { control: followControl(path, attempt), write: (text: string) => writeFileSync(path, text) };
}

describe('control.json', () => {
  it('is `run` until somebody says otherwise, and the last wish stands when the file cannot be read', () => {
    const { control, write } = controlled();
    expect(control.poll()).toEqual({ want: 'run', checkpoint: null });
    write('{"want":"pause"}');
    expect(control.poll().want).toBe('pause');
    write('{"want":"st');
    expect(control.poll().want).toBe('pause');
    write('{"want":"dance"}');
    expect(control.poll().want).toBe('pause');
    write('{"want":"run"}');
    expect(control.poll().want).toBe('run');
  });

  it('hands each requested checkpoint on once', () => {
    const { control, write } = controlled();
    write('{"want":"run","checkpoint":"mine","request":1}');
    expect(control.poll().checkpoint).toBe('mine');
    expect(control.poll().checkpoint).toBeNull();
    write('{"want":"pause","checkpoint":"mine","request":1}');
    expect(control.poll()).toEqual({ want: 'pause', checkpoint: null });
    write('{"want":"pause","checkpoint":"mine","request":2}');
    expect(control.poll().checkpoint).toBe('mine');
  });

  it('takes no name that is not a plain folder name', () => {
    const { control, write } = controlled();
    const names = ['../x', 'a/b', '', '.', 'a.tmp', 'A', 'x'.repeat(65)];
    for (const [request, name] of names.entries()) {
      write(JSON.stringify({ want: 'run', checkpoint: name, request }));
      expect(control.poll().checkpoint).toBeNull();
    }
    write(JSON.stringify({ want: 'run', checkpoint: 'x'.repeat(64), request: names.length }));
    expect(control.poll().checkpoint).toBe('x'.repeat(64));
  });

  it('does not obey what was meant for another attempt, and a stop stands', () => {
    const { control, write } = controlled(2);
    write('{"want":"stop","attempt":1}');
    expect(control.poll().want).toBe('run');
    write('{"want":"pause","attempt":2}');
    expect(control.poll().want).toBe('pause');
    control.stop();
    expect(control.poll().want).toBe('stop');
  });
});
