/**
 * Loaded into page and sidecar before their own code (`node --import`): ends the process when the starter is gone, however it
 * went. The channel between the two breaks with the starter, also by kill -9; whoever would listen on the ports next, or have
 * the home, must not find a server that nobody can stop any more.
 */
import { isMainThread } from 'node:worker_threads';

/** Ms in which it can end in its own way. */
const patience = 5000;

if (isMainThread && process.channel !== undefined) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), patience).unref();
  });
  // To listen for the end of the channel keeps nothing alive.
  process.channel.unref();
}
