import 'reflect-metadata';
import { webhooksEntities, webhooksMigrations } from 'nestjs-webhooks';
import { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { Order } from './orders/order.entity';

/** The app's own migration: it runs beside those of the package. */
class CreateOrders1600000000000 implements MigrationInterface {
  name = 'CreateOrders1600000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE TABLE orders (id serial PRIMARY KEY, "accountId" varchar NOT NULL, total integer NOT NULL)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE orders');
  }
}

/** What `typeorm migration:run -d dist/data-source.js` takes. */
export default new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  entities: [Order, ...webhooksEntities],
  migrations: [CreateOrders1600000000000, ...webhooksMigrations],
});
