import { describe, expect, test } from 'vitest';
import { parseYaml } from '#core/config/yaml.ts';

const told = (text: string) => parseYaml(text).issues.map(({ line, column, message }) => [line, column, message]);

describe('a trouble of YAML is one plain sentence at its place', () => {
  test.each<[string, string, number, number, string]>([
    ['a colon in a value', 'title: LSTM: take 2\n', 1, 8, 'put it in quotes (title: "LSTM: take 2")'],
    ['a colon in a value, deeper', 'o:\n  name: a: b # c\n', 2, 9, 'put it in quotes (name: "a: b")'],
    ['a tab', 'o:\n\tkind: sgd\n', 2, 1, 'expected spaces before the first word of this line, received a tab'],
    ['a tab inside brackets', 'a: {\n\tb: 1\n}\n', 2, 1, 'received a tab'],
    ['a second document', 'a: 1\n---\nb: 2\n', 2, 1, 'expected one YAML document, and a second begins here'],
    ['a second document behind ...', 'a: 1\n...\nb: 2\n', 3, 1, 'expected one YAML document'],
    [
      'a conflict',
      'a: 1\n<<<<<<< HEAD\nb: 3\n=======\nb: 4\n>>>>>>> x\n',
      2,
      1,
      'a merge left its conflict marks here',
    ],
    ['half a conflict', 'a: 1\nb: 4\n>>>>>>> x\n', 3, 1, 'a merge left its conflict marks here'],
    ['a key twice', 'o:\n  k: 1\n  k: 2\n', 3, 3, 'the key k stands here a second time'],
    ['an open double quote', 'a: "abc\nb: 3\n', 1, 4, 'the " that opens here is not closed; add a "'],
    ['an open single quote', "a: 'abc\nb: 3\n", 1, 4, "the ' that opens here is not closed; add a '"],
    ['a quote closed by the next one', 'a: "abc\nb: "x"\n', 1, 4, 'the " that opens here is not closed'],
    ['an open quote as a key', 'a: 1\n"x', 2, 1, 'the " that opens here is not closed'],
    ['an open bracket', 'a: [1, 2\nb: 3\n', 1, 4, 'the [ that opens here is not closed; add a ]'],
    ['an open brace', 'a: {b: {c: 1}\nd: 2\n', 1, 4, 'the { that opens here is not closed; add a }'],
    ['text behind a quote', 'a: "b" c\n', 1, 8, 'expected nothing behind the closing quote or bracket, received c'],
    ['an alias without an anchor', 'source: *.csv\n', 1, 9, 'a value that begins with * needs quotes ("*.csv")'],
    ['a reserved character', 'a: @x\n', 1, 4, 'a value that begins with @ needs quotes ("@x")'],
    ['an unknown tag', 'a: !!python/object:x {}\n', 1, 4, 'the tag !!python/object:x is not known here'],
    ['a folder of Windows', 'a: "C:\\data"\n', 1, 7, 'a backslash begins an escape, and \\d is none'],
    ['no space behind a colon', 'seed: 1\nepochs:3\n', 2, 1, '(epochs: 3), received epochs:3'],
    ['an equals sign', 'a: 1\nepochs = 3\nb: 2\n', 2, 1, '(epochs: 3), received epochs = 3'],
    ['a line without a key', 'a: 1\nhello\n', 2, 1, 'expected key: value, received hello'],
    ['a line too deep', 'epochs: 3\n  seed: 1\n', 2, 3, 'this line is indented deeper than the one above it'],
    ['a line between two depths', 'o:\n  k: 1\n m: 1\n', 3, 1, 'indent all keys of a map alike'],
    ['a list among keys', '- a\nb: 1\n', 2, 1, 'this line does not go with those above it'],
    ['a list beside its key', 'a: - b\n', 1, 4, 'a list begins on a line of its own'],
    ['a comment without a space', 'a: "x"#c\n', 1, 7, 'expected a space before the # of a comment'],
    ['line ends of old', 'a: 1\rb: 2\r', 1, 5, 'received CR alone'],
  ])('%s', (_name, text, line, column, words) => {
    const found = told(text);
    expect(found).toEqual([[line, column, expect.stringContaining(words)]]);
    expect(String(found[0]?.[2])).not.toMatch(/\n|please use|compact mapping|implicit/i);
  });

  test('the same with Windows line ends', () => {
    expect(told('a: 1\r\ntitle: b: c\r\n')).toEqual([[2, 8, expect.stringContaining('(title: "b: c")')]]);
    expect(told('a: "abc\r\nb: 3\r\n')[0]?.slice(0, 2)).toEqual([1, 4]);
  });

  test('every key that stands twice is told, and nothing behind what derails the parser', () => {
    expect(told('a: 1\na: 2\na: 3\n').map(([line]) => line)).toEqual([2, 3]);
    expect(told('a: 1\na: 2\nb: x: y\nc: "\n').length).toBe(1);
    expect(told('a: 1\na: 2\nb: x: y\n\tc: 1\n').map(([line]) => line)).toEqual([2, 3]);
  });

  test('what YAML allows stays allowed', () => {
    for (const text of [
      'a: &x 1\nb: *x\n',
      '---\na: 1\n',
      'a: 1\n...\n',
      'a:\t3\n',
      "a: it's\n",
      'a: b:c\n',
      'a: |\n  <<<<<<< x\n',
    ]) {
      expect(parseYaml(text).issues).toEqual([]);
    }
  });
});
