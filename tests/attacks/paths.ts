// The corpus of paths that have led out of folders in programs like ours, made from its parts.

const up = [
  ...['..', '%2e%2e', '.%2e', '%2E.', '%252e%252e', '%c0%ae%c0%ae', '%uff0e%uff0e', '....', '..;', '..%00', '.%00.'],
  '..%0d%0a',
];
const separators = ['/', '%2f', '%2F', '\\', '%5c', '%255c', '%252f', '//', '/./', '%c0%af'];
const goals = [
  ...['secret.txt', 'secret.csv', 'secret', '.env', 'almanac.db', 'etc/passwd', 'proc/self/environ', 'home/.env'],
  'runs/almanac.db',
];

/** Strings that begin at the folder itself: absolute, in other alphabets, with ends that programs cut off. */
const named = [
  ...[
    '/etc/passwd',
    '//etc/passwd',
    '/proc/self/environ',
    '/proc/self/cwd/.env',
    'file:///etc/passwd',
    '~/.env',
    '~root/',
  ],
  ...[
    'C:\\Windows\\win.ini',
    'C:/Windows/win.ini',
    '\\\\evil\\share\\x.csv',
    '//?/C:/x',
    '/dev/stdin',
    '/dev/zero',
    '.',
  ],
  ...['..', '', '/', '\\', '%00', '%2e', '%', '%zz', '%ff', '%ed%a0%80', 'secret.txt%00.csv', 'secret.txt#.csv'],
  ...[
    'secret.txt?.csv',
    'secret.txt;.csv',
    '.env',
    '.env.csv/../.env',
    'control.json',
    'CONTROL.JSON',
    'attempt-1.lock',
  ],
  ...['half.csv.tmp', 'link.csv', 'hard.csv', 'out/secret.csv', 'out/secret.txt', 'out', 'checkpoints/out/secret.csv'],
  ...['checkpoints/best/../../../secret.txt', 'data/link.csv', 'data/out/secret.csv', 'link', 'data/../../secret.csv'],
  ...[
    '../home-secret/secret.csv',
    '../data-secret/secret.csv',
    '../notebooks-secret/secret',
    'constructor',
    '__proto__',
  ],
  ...[
    '../01hhhhhhhhhhhhhhhhhhhh-secret/secret.txt',
    '../01hhhhhhhhhhhhhhhhhhhhx/secret.txt',
    'hasOwnProperty',
    '*',
    '**',
  ],
  ...[
    '{a,b}',
    '[a-z]*',
    '$(cat .env)',
    '`cat .env`',
    '|cat .env',
    '..*/secret.csv',
    '.?/secret.csv',
    '%E3%80%82%E3%80%82/x',
  ],
  ...[
    '．．/secret.csv',
    '..∕secret.csv',
    '..／secret.csv',
    '‥/secret.csv',
    'secret.csv::$DATA',
    'CON',
    'aux.csv',
    'ー',
  ],
];

/** Dot forms × separators × depths × goals: 5,400 strings, and the named ones. */
export const allPaths: readonly string[] = [
  ...named,
  ...up.flatMap((dots) =>
    separators.flatMap((separator) =>
      [1, 2, 3, 5, 9].flatMap((depth) => goals.map((goal) => (dots + separator).repeat(depth) + goal)),
    ),
  ),
];

/**
 * All named paths and so many others, spread evenly over the corpus; another `turn` gives others.
 */
export function somePaths(count: number, turn: number): readonly string[] {
  const rest = allPaths.slice(named.length);
  // A stride that shares no factor with the lengths of the parts visits all combinations.
  const stride = 1009;
  return [...named, ...Array.from({ length: count }, (_, i) => rest[(i * stride + turn * 7919) % rest.length])];
}

/** The path as it may stand in a request line: what the line cannot hold raw is encoded, the rest left as it is. */
export function inTarget(path: string): string {
  return path.replaceAll(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character)).replaceAll('#', '%23');
}
