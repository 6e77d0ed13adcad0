// Runs in a process of its own, so that its memory and CPU do not count as the sender's.
import net from 'node:net';

const KIB = 1024;
const OK = 'HTTP/1.1 200 OK\r\n';

/** By path: the start of a response, and what follows repeatedly, as fast as the other side reads. */
const FLOODS = {
  '/body': [`${OK}\r\n`, 'x'.repeat(64 * KIB)],
  '/chunk-extension': [`${OK}transfer-encoding: chunked\r\n\r\n1;`, 'x'.repeat(64 * KIB)],
  '/trailers': [`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`, 'a: b\r\n'.repeat(10 * KIB)],
  '/headers': [OK, 'a: b\r\n'.repeat(10 * KIB)],
  '/header': [`${OK}a: `, 'x'.repeat(64 * KIB)],
  '/status-line': ['HTTP/1.1 200 ', 'x'.repeat(64 * KIB)],
  '/blank-lines': ['', '\r\n'.repeat(32 * KIB)],
  '/interim-responses': ['', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(2 * KIB)],
};

/** Responds to each request with `true`, and 20 ms later, unasked, with `false`. */
const smuggle = (socket) => {
  const answer = (text) => socket.write(`${OK}content-length: ${text.length}\r\n\r\n${text}`);
  answer('true');
  setTimeout(answer, 20, 'false');
};

const server = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (head) => {
    const path = String(head).split(' ')[1];
    if (path === '/smuggling') {
      smuggle(socket);
      return;
    }
    const [begin, again] = FLOODS[path];
    const flood = () => {
      while (!socket.destroyed && socket.write(again));
    };
    socket.on('drain', flood).write(begin);
    flood();
  });
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
