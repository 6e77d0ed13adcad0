import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';

/** What a process can be asked to do: each command takes one value and gives one, which JSON can carry. */
type Commands<C> = { readonly [Name in keyof C]: (input: never) => unknown };

interface Call {
  readonly call: number;
  readonly command: string;
  readonly input: unknown;
}

interface Answer {
  readonly call: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** In a forked process: answers what its parent asks, and ends with it. */
export function serve<C extends Commands<C>>(commands: C): void {
  process.on('message', ({ call, command, input }: Call) => {
    const answer = (rest: Omit<Answer, 'call'>): void => void process.send?.({ call, ...rest });
    void Promise.resolve()
      .then(() => commands[command as keyof C](input as never))
      .then(
        (value) => answer({ value }),
        (error: unknown) => answer({ error: String((error as Error | undefined)?.stack ?? error) }),
      );
  });
  process.on('disconnect', () => process.exit());
}

/** A forked process that answers the commands `C`. */
export class Remote<C extends Commands<C>> {
  private calls = 0;
  private readonly pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private readonly ended: Promise<void>;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', ({ call, value, error }: Answer) => {
      if (error === undefined) this.pending.get(call)?.resolve(value);
      else this.pending.get(call)?.reject(new Error(error));
      this.pending.delete(call);
    });
    this.ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        const error = new Error(`A process of the bench ended (${signal ?? code}).`);
        for (const { reject } of this.pending.values()) reject(error);
        resolve();
      }),
    );
  }

  static fork<C extends Commands<C>>(script: URL, options: ForkOptions = {}): Remote<C> {
    return new Remote<C>(fork(script, options));
  }

  call<Name extends keyof C & string>(
    command: Name,
    ...[input]: Parameters<C[Name]>
  ): Promise<Awaited<ReturnType<C[Name]>>> {
    const call = ++this.calls;
    const answer = new Promise<unknown>((resolve, reject) => this.pending.set(call, { resolve, reject }));
    this.child.send({ call, command, input });
    return answer as Promise<Awaited<ReturnType<C[Name]>>>;
  }

  /** Lets it end by itself, which writes its CPU profile where it has one. */
  async end(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.ended;
  }
}
