import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** Options of ioredis that say where a server is, and how to end a connection. */
interface Given {
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  readonly family?: number;
  readonly disconnectTimeout?: number;
  readonly tls?: ConnectionOptions;
}

const DISCONNECT_MS = 2_000;

/**
 * A value for ioredis's option `Connector`. Its own one handles only one error of a socket. A TLS socket may have two,
 * such as a refused client certificate and the error of a later write, and the second would end the process.
 */
export class TlsConnector {
  private connecting = false;
  private stream: TLSSocket | undefined;
  /** ioredis sets this if the socket has ended before it looks at it. */
  firstError: Error | undefined;

  constructor(private readonly options: Given) {}

  check(): boolean {
    return true;
  }

  async connect(): Promise<TLSSocket> {
    const { host, port, path, family, tls } = this.options;
    const place = path ? { path } : { host, port, ...(family ? { family } : {}) };
    this.connecting = true;
    await new Promise((resolve) => process.nextTick(resolve));
    // ioredis looks for this text.
    if (!this.connecting) throw new Error('Connection is closed.');
    this.stream = connect({ ...place, ...tls } as ConnectionOptions);
    this.stream.on('error', (error: Error) => (this.firstError = error));
    return this.stream;
  }

  disconnect(): void {
    const { stream } = this;
    this.connecting = false;
    if (!stream) return;
    const timer = setTimeout(() => stream.destroy(), this.options.disconnectTimeout ?? DISCONNECT_MS);
    stream.once('close', () => clearTimeout(timer));
    stream.end();
  }
}
