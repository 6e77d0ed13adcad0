import { describe, expect, it } from 'vitest';
import { TestClock } from 'nestjs-webhooks/testing';
import { EndpointBacklogs } from '../../lib/delivery/endpoint-backlogs.js';

const SPREAD = { from: 1_000, spanMs: 1_000 };
const ROWS = 1_000;

describe('The backlog of an endpoint that is away', () => {
  it('is put off by as many statements as it takes', async () => {
    const affected = [ROWS, ROWS, 10];
    const backlogs = new EndpointBacklogs(new TestClock(), async () => affected.shift()!);
    await backlogs.putOff('ep_1', SPREAD, () => false);
    expect(affected).toEqual([]);
  });

  it('stays as it is from the moment that the process ends', async () => {
    let statements = 0;
    const backlogs = new EndpointBacklogs(new TestClock(), async () => (statements++, ROWS));
    await backlogs.putOff('ep_1', SPREAD, () => statements === 3);
    expect(statements).toBe(3);
  });

  it('is not looked at twice at once, nor again within a second', async () => {
    const clock = new TestClock();
    let statements = 0;
    const backlogs = new EndpointBacklogs(clock, async () => (statements++, 0));
    const putOff = (): Promise<void> => backlogs.putOff('ep_1', SPREAD, () => false);
    await Promise.all([putOff(), putOff()]);
    await putOff();
    expect(statements).toBe(1);
    await backlogs.putOff('ep_2', SPREAD, () => false);
    expect(statements).toBe(2);
    clock.advance(1_000);
    await putOff();
    expect(statements).toBe(3);
  });

  it('is looked at again after a statement that failed', async () => {
    const clock = new TestClock();
    let statements = 0;
    const backlogs = new EndpointBacklogs(clock, async () => {
      if (statements++ === 0) throw new Error('The database is away.');
      return 0;
    });
    await expect(backlogs.putOff('ep_1', SPREAD, () => false)).rejects.toThrow();
    clock.advance(1_000);
    await backlogs.putOff('ep_1', SPREAD, () => false);
    expect(statements).toBe(2);
  });
});
