import type { SendingApp } from './sending-app.js';

/** Copies an endpoint in the database: 10,000 requests would take most of a test's time. */
export async function copyEndpoint(t: SendingApp, id: string, copies: number): Promise<void> {
  const repository = t.dataSource.getRepository('WebhookEndpoint');
  const endpoint = await repository
    .createQueryBuilder('endpoint')
    .addSelect('endpoint.secrets')
    .where({ id })
    .getOneOrFail();
  const rows = Array.from({ length: copies }, (_, n) => ({
    ...endpoint,
    id: `ep_${n.toString(16).padStart(32, '0')}`,
  }));
  for (let start = 0; start < rows.length; start += 500) {
    await repository
      .createQueryBuilder()
      .insert()
      .values(rows.slice(start, start + 500))
      .execute();
  }
}
