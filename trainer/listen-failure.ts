import { AppError } from '#core/error.ts';

/** Where a server wanted to listen, and the setting that names its port. */
export interface ListenPlace {
  readonly host: string;
  readonly port: number;
  readonly setting: 'PORT' | 'TRAINER_PORT';
}

/** Why nobody can listen there, with the setting to change; `cause` is the system's error. */
export function listenFailure(cause: NodeJS.ErrnoException, { host, port, setting }: ListenPlace): AppError {
  const refuse = (message: string) => new AppError('invalid_request', message, { cause });
  switch (cause.code) {
    case 'EADDRINUSE':
      return refuse(
        `Port ${port} is in use, perhaps by another Almanac. Stop that one, or choose another port: ` +
          `${setting}=${port > 65_000 ? port - 100 : port + 100}`,
      );
    case 'EACCES':
      return refuse(
        `This user may not listen on port ${port}. Choose one above 1023 (${setting}), behind a proxy if need be.`,
      );
    case 'EADDRNOTAVAIL':
      return refuse(
        `HOST is "${host}", which is no address of this machine at the moment. ` +
          'Expected one that it has, 127.0.0.1 for this machine alone or 0.0.0.0 for all.',
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return refuse(
        `HOST is "${host}", a name without an address. Expected an address of this machine, ` +
          '127.0.0.1 for this machine alone or 0.0.0.0 for all.',
      );
    default:
      return refuse(`Cannot listen on ${host}:${port} (${cause.code ?? cause.message}). Check HOST and ${setting}.`);
  }
}
