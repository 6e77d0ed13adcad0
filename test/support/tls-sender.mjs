// Sends one request with the built package's client. Node reads NODE_EXTRA_CA_CERTS only when a process
// starts, so this is a process of its own.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { WebhookHttpClient } = require('../../dist/delivery/http-client.js');
const { AddressPolicy } = require('../../dist/domain/address-policy.js');

const client = new WebhookHttpClient({
  timeoutMs: 10_000,
  captureBytes: 4_096,
  policy: new AddressPolicy({ allowHttp: false, allowPrivateNetworks: true, allowedAddresses: [] }),
  lookup: (_hostname, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
});
const { status, error } = await client.send({ url: process.argv[2], headers: {}, body: '{}' });
await client.close();
console.log(JSON.stringify({ status, error: error?.code ?? null }));
