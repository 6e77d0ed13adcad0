import dgram from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { atEnd } from './tcp-servers.js';

/** `null` means that the name does not exist; `undefined` means that the server never responds. */
export type Answers = (name: string) => readonly string[] | null | undefined;

/** A name server on loopback that returns IPv4 addresses or stays silent. It has no IPv6 addresses. */
export async function nameServer(answers: Answers): Promise<{ server: string; asked: string[] }> {
  const asked: string[] = [];
  const socket = dgram.createSocket('udp4');
  socket.on('message', (question, { port, address }) => {
    const { name, end } = readName(question);
    asked.push(name);
    const found = answers(name);
    if (found === undefined) return;
    const isIpv4 = question.readUInt16BE(end) === 1;
    socket.send(
      answer(question.subarray(0, end + 4), found && isIpv4 ? found : [], found === null),
      port,
      address,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  atEnd(() => void socket.close());
  return { server: `127.0.0.1:${(socket.address() as AddressInfo).port}`, asked };
}

function readName(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at]!; length > 0; length = question[at]!) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function answer(question: Buffer, addresses: readonly string[], unknown: boolean): Buffer {
  const head = Buffer.from(question);
  head.writeUInt16BE(unknown ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  const records = addresses.map((address) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
  );
  return Buffer.concat([head, ...records]);
}
