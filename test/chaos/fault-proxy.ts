import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

type Direction = 'requests' | 'answers';

/** A TCP proxy in front of a server, for what happens to networks: refused, cut, half-open, slow. */
export class FaultProxy {
  /** New connections end at once. */
  private refusing = false;
  private readonly frozen = new Set<Direction>();
  private readonly sockets = new Set<Socket>();
  private stuck: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    /** Where new connections go to. */
    public target: URL,
  ) {}

  static async start(target: string): Promise<FaultProxy> {
    const server = createServer((client) => proxy.accept(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy: FaultProxy = new FaultProxy(server, new URL(target));
    return proxy;
  }

  /** The target's URL, by way of this proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** The server is away: every connection is reset, and new ones too, until `heal`. */
  down(): void {
    this.refusing = true;
    this.cut();
  }

  /** Half-open: connections stay, and nothing goes through them in that direction. */
  freeze(...directions: Direction[]): void {
    for (const direction of directions) this.frozen.add(direction);
  }

  /** Resets what is connected. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.stuck = [];
  }

  /** Everything passes again; what was held back arrives now. */
  heal(): void {
    this.refusing = false;
    this.frozen.clear();
    for (const pass of this.stuck.splice(0)) pass();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.refusing) {
      client.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const upstream = connect({ host: this.target.hostname, port: Number(this.target.port) });
    this.forward(client, upstream, 'requests');
    this.forward(upstream, client, 'answers');
  }

  private forward(from: Socket, to: Socket, direction: Direction): void {
    this.sockets.add(from);
    const pass = (act: () => void): void => {
      if (this.frozen.has(direction)) this.stuck.push(act);
      else act();
    };
    from.setNoDelay(true);
    from.on('error', () => undefined);
    from.on('data', (chunk) => pass(() => to.write(chunk)));
    from.on('end', () => pass(() => to.end()));
    from.on('close', () => {
      this.sockets.delete(from);
      if (!this.frozen.has(direction)) to.destroy();
    });
  }
}
