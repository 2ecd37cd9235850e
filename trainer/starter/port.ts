import { connect, createServer } from 'node:net';
import { type ListenPlace, listenFailure } from '#trainer/listen-failure.ts';

/** Resolves when the address is this machine's and nobody listens there. @throws AppError with the setting to change. */
export async function requireFree(place: ListenPlace): Promise<void> {
  await new Promise<void>((done, failed) => {
    const probe = createServer();
    probe.once('error', (error) => failed(listenFailure(error, place)));
    probe.listen(place.port, place.host, () => probe.close(() => done()));
  });
}

/** Whether somebody listens there. */
export function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    const answer = (listens: boolean) => {
      socket.destroy();
      done(listens);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
