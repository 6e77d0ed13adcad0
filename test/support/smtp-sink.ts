import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface SunkMail {
  readonly from: string;
  readonly to: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A mail server for one test, which records the messages that it gets. */
export interface SmtpSink {
  readonly url: string;
  readonly mails: readonly SunkMail[];
  stop(): Promise<void>;
}

export async function smtpSink(): Promise<SmtpSink> {
  const mails: SunkMail[] = [];
  const server = createServer((socket) => void serve(socket, mails));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://ada:s%40fe@127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function serve(socket: Socket, mails: SunkMail[]): Promise<void> {
  const answer = (line: string): void => void socket.write(`${line}\r\n`);
  let [from, to, isData] = ['', '', false];
  let data: string[] = [];
  answer('220 sink');
  for await (const line of createInterface({ input: socket })) {
    if (isData && line !== '.') data.push(line);
    else if (isData) {
      mails.push({ from, to, ...parsed(data) });
      [isData, data] = [false, []];
      answer('250 taken');
    } else if (line.startsWith('EHLO')) {
      answer('250-sink');
      answer('250 AUTH PLAIN');
    } else if (line.startsWith('AUTH PLAIN')) {
      const isRight = Buffer.from(line.slice(11), 'base64').toString() === '\0ada\0s@fe';
      answer(isRight ? '235 welcome' : '535 who are you');
    } else if (line.startsWith('MAIL FROM')) {
      from = /<(.*)>/.exec(line)![1]!;
      answer('250 ok');
    } else if (line.startsWith('RCPT TO')) {
      to = /<(.*)>/.exec(line)![1]!;
      answer('250 ok');
    } else if (line === 'DATA') {
      isData = true;
      answer('354 go on');
    } else if (line === 'QUIT') {
      answer('221 bye');
      socket.end();
    } else answer('500 what');
  }
}

function parsed(lines: readonly string[]): Pick<SunkMail, 'headers' | 'text'> {
  const end = lines.indexOf('');
  const headers = lines.slice(0, end).map((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)] as const;
  });
  const text = Buffer.from(lines.slice(end + 1).join(''), 'base64').toString('utf8');
  return { headers: Object.fromEntries(headers), text };
}
