// Faults that have to strike an app from within: at a point of the flow, in its clock, in its resolver.
import dns from 'node:dns';
import { AttemptSender } from '../../dist/delivery/attempt-sender.js';
import { DeliveryRunner } from '../../dist/delivery/delivery-runner.js';
import { steadyClock, systemClock } from '../../dist/domain/clock.js';
import { WebhookDeliveryRepository } from '../../dist/persistence/webhook-delivery.repository.js';

/** Where a fault strikes: just before this method runs. */
const POINTS = {
  'before the hand-over': [DeliveryRunner.prototype, 'run', (deliveries) => deliveries.length > 0],
  'before the request': [AttemptSender.prototype, 'send', () => true],
  'before the record': [WebhookDeliveryRepository.prototype, 'record', () => true],
};

const STRIKES = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  /** The event loop stands still. */
  block: ({ ms }) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
};

const originals = [];

/** Strikes at the call number `at` of the point. */
export function arm({ point, strike, at = 1, ...details }) {
  const [owner, method, counts] = POINTS[point];
  const original = owner[method];
  originals.push(() => (owner[method] = original));
  let calls = 0;
  owner[method] = function (...args) {
    if (counts(...args) && ++calls === at) {
      process.send({ struck: point });
      STRIKES[strike](details);
    }
    return original.apply(this, args);
  };
}

export function disarm() {
  for (const restore of originals.splice(0).toReversed()) restore();
}

const clocks = [systemClock, steadyClock].map((clock) => ({ clock, now: clock.now }));

/** The clock of its machine is wrong. */
export function setClock(offsetMs) {
  for (const { clock, now } of clocks) clock.now = () => now.call(clock) + offsetMs;
}

const lookup = dns.lookup;
let names = {};

// The package asks `dns.lookup` as it is when the app starts.
dns.lookup = (name, options, callback) => {
  if (!(name in names)) return lookup(name, options, callback);
  const address = names[name];
  if (address) process.nextTick(callback, null, [{ address, family: 4 }]);
  else
    process.nextTick(
      callback,
      Object.assign(new Error(`getaddrinfo EAI_AGAIN ${name}`), { code: 'EAI_AGAIN' }),
    );
};

/** What names resolve to from now on; to `null`: nothing, as with DNS down. */
export function resolveNames(answers) {
  names = answers;
}
