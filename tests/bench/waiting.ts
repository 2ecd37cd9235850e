// Program: waiting <url>. Asks for it again and again, and prints how long, in ms, the slowest answer took: 0 when it has
// begun, the rest when its standard input ends.
import { stdin } from 'node:process';

const [url] = process.argv.slice(2);
let longest = 0;
let isOver = false;
stdin.resume().once('end', () => (isOver = true));
await (await fetch(url)).text();
process.stdout.write('0\n');
while (!isOver) {
  const began = performance.now();
  // No answer at all counts as what it took to learn that.
  await fetch(url).then(
    (answer) => answer.text(),
    () => undefined,
  );
  longest = Math.max(longest, performance.now() - began);
  await new Promise((wake) => setTimeout(wake, 5));
}
process.stdout.write(`${longest}\n`);
