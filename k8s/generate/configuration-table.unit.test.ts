import { withConfigurationTables } from './configuration-table';

const document = withConfigurationTables('a\n<!-- configuration -->\n<!-- /configuration -->\nb');

const rowOf = (name: string): string =>
  document.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '';

it('a setting that means one thing to all is said once', () => {
  expect(rowOf('KAFKA_BROKERS').match(/Kafka bootstrap servers/g)).toHaveLength(1);
});

it('a setting that means something else to some is said to each of its readers', () => {
  expect(rowOf('DATABASE_URL')).toContain('command-api: PostgreSQL, where operators’ commands');
  expect(rowOf('DATABASE_URL')).toContain('projector, query-api, migrations: PostgreSQL; append ?sslmode=');
});

it('what stands around the tables stays', () => {
  expect(document).toMatch(/^a\n<!-- configuration -->\n[^]*\n<!-- \/configuration -->\nb$/);
});
