import { describe, expect, it } from 'vitest';
import { checkPlatform } from '#trainer/native/build.ts';
import { parseOptions } from '#trainer/native/options.ts';

describe('parseOptions', () => {
  it('asks for nothing in particular unless told to', () => {
    expect(parseOptions([], '/here')).toMatchObject({
      flavour: null,
      version: '2.21.0',
      from: null,
      force: false,
    });
  });

  it('takes a path as seen from where the command was typed', () => {
    expect(parseOptions(['--gpu', '--from', 'tf.whl'], '/here')).toMatchObject({
      flavour: 'gpu',
      from: '/here/tf.whl',
    });
  });

  it.each([
    [['--cpu', '--gpu'], /exclude each other/],
    [['--version', 'newest'], /--version: expected a version.*received "newest"/],
    [['--fast'], /--fast/],
    [['wheel.whl'], /wheel\.whl/],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args, '/here')).toThrow(message);
  });
});

describe('checkPlatform', () => {
  it('says what trains where nothing can be built', () => {
    expect(() => checkPlatform('darwin', 'arm64')).toThrow(/Linux.*darwin arm64.*webgpu and wasm/);
    expect(() => checkPlatform('linux', 'ia32')).toThrow(/linux ia32/);
    expect(() => checkPlatform('linux', 'x64')).not.toThrow();
  });
});
