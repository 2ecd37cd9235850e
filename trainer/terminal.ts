/**
 * A terminal that is closed, a reader that has gone and a file on a full disk end no program of ours: what it would have
 * said is lost, and nothing else. To be called once, before anything is printed.
 */
export function outliveTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
