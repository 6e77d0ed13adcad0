import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';

export interface Mail {
  readonly from: string;
  readonly to: string;
  /** A single line in ASCII. */
  readonly subject: string;
  readonly text: string;
}

const PATIENCE_MS = 10_000;
const PORTS: Readonly<Record<string, number>> = { 'smtp:': 25, 'smtps:': 465 };

/**
 * Sends one mail to a server (RFC 5321) at `smtp://user:password@host:port`; `smtps:` uses TLS from the start. An app
 * with more mails would use nodemailer, which has STARTTLS, pools and attachments.
 * @throws Error with the server's response
 */
export async function sendMail(url: string, mail: Mail): Promise<void> {
  const { protocol, hostname, port, username, password } = new URL(url);
  const to = { host: hostname, port: Number(port || PORTS[protocol]) };
  const socket: Socket = protocol === 'smtps:' ? connectTls({ ...to, servername: hostname }) : connect(to);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('The mail server does not answer.')));
  try {
    await once(socket, protocol === 'smtps:' ? 'secureConnect' : 'connect');
    const say = conversation(socket);
    await say(undefined, 220);
    await say('EHLO roundabout', 250);
    if (username) await say(`AUTH PLAIN ${credentials(username, password)}`, 235);
    await say(`MAIL FROM:<${mail.from}>`, 250);
    await say(`RCPT TO:<${mail.to}>`, 250);
    await say('DATA', 354);
    await say(`${messageOf(mail)}\r\n.`, 250);
    await say('QUIT', 221);
  } finally {
    socket.destroy();
  }
}

/** Sends a line and waits for the response. It may have several lines; the last one has no hyphen after its code. */
function conversation(socket: Socket): (line: string | undefined, wanted: number) => Promise<void> {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  let broken: Error | undefined;
  socket.on('error', (error) => (broken = error));
  return async (line, wanted) => {
    if (line !== undefined) socket.write(`${line}\r\n`);
    for (;;) {
      const { done, value } = await lines.next();
      if (done) throw broken ?? new Error('The mail server has closed the connection.');
      if (value[3] === '-') continue;
      if (value.startsWith(String(wanted))) return;
      throw new Error(`The mail server refuses the mail: ${value.slice(0, 200)}`);
    }
  };
}

const credentials = (username: string, password: string): string =>
  Buffer.from(`\0${decodeURIComponent(username)}\0${decodeURIComponent(password)}`).toString('base64');

/** Encodes the text as base64, which has no long lines and no line that is a dot. */
function messageOf({ from, to, subject, text }: Mail): string {
  const body = Buffer.from(text.replaceAll(/\r?\n/g, '\r\n')).toString('base64');
  return [
    `From: Roundabout <${from}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(/.{1,76}/g) ?? []),
  ].join('\r\n');
}
