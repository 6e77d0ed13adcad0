// How an app emits, and what it knows of the outcome afterwards.

class Rollback extends Error {}

/** Emits all at once; tells of each as soon as its outcome is known. */
export async function emitAll(webhooks, dataSource, emits, report) {
  await Promise.all(
    emits.map(async (emit) => report({ ...(await emitOne(webhooks, dataSource, emit)), ref: emit.ref })),
  );
}

async function emitOne(webhooks, dataSource, emit) {
  let id;
  try {
    if (emit.transaction) {
      await inTransaction(
        dataSource,
        emit,
        async (manager) => (id = (await send(webhooks, emit, manager)).id),
      );
    } else ({ id } = await send(webhooks, emit));
    return { outcome: 'committed', id };
  } catch (error) {
    return { outcome: rolledBack(error) ? 'rolled back' : 'unknown', error: String(error?.message) };
  }
}

const send = (webhooks, { ref, type, tenant, key, padding }, manager) =>
  webhooks.emit(
    type,
    { ref, padding },
    { tenant, ...(key ? { idempotencyKey: key } : {}), ...(manager ? { manager } : {}) },
  );

function inTransaction(dataSource, { transaction }, work) {
  const { isolation = 'READ COMMITTED', updates = [], rollback = false } = transaction;
  return dataSource.transaction(isolation, async (manager) => {
    const [first, ...others] = updates;
    if (first !== undefined) await touch(manager, first);
    await work(manager);
    for (const account of others) await touch(manager, account);
    if (rollback) throw new Rollback('The app changed its mind.');
  });
}

/** The app's own work, which meets that of other transactions. */
async function touch(manager, account) {
  await manager.query(`SELECT balance FROM accounts WHERE id = ${account}`);
  await manager.query(`UPDATE accounts SET balance = balance + 1 WHERE id = ${account}`);
}

/** 40001 and 40P01 of PostgreSQL, deadlocks and changed records of MySQL: the transaction is gone. */
function rolledBack(error) {
  return (
    error instanceof Rollback ||
    String(error?.code).startsWith('40') ||
    ['ER_LOCK_DEADLOCK', 'ER_CHECKREAD', 'ER_LOCK_WAIT_TIMEOUT'].includes(error?.code)
  );
}

let held;

/** Emits in a transaction that stays open until `commit`. */
export async function hold(webhooks, dataSource, emits) {
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  const ids = [];
  for (const emit of emits) ids.push((await send(webhooks, emit, runner.manager)).id);
  held = { runner, emits, ids };
}

export async function commit(report) {
  const { runner, emits, ids } = held;
  await runner.commitTransaction();
  await runner.release();
  for (const [index, { ref }] of emits.entries()) report({ ref, outcome: 'committed', id: ids[index] });
}
