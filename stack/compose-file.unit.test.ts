import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { processes } from '../k8s/generate/processes';
import { projectRoot } from './project-root';

interface Service {
  readonly image: string;
  readonly profiles: readonly string[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly restart?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
}

const read = (path: string): unknown =>
  parse(readFileSync(join(projectRoot(), path), 'utf8'), { merge: true });

const compose = read('docker-compose.yml') as { readonly services: Readonly<Record<string, Service>> };
const services = Object.entries(compose.services);
const observability = 'k8s/observability';

/** Where servers and processes are, and how they are reached, is these containers' own: no TLS, no SASL, one broker. */
const fixed = /^(HOST|PORT|REPLICATION_FACTOR|SCHEMA_CACHE_FILE|(KAFKA|REDIS)_(SSL|SASL)\w*)$/;

/** Files and folders of the checkout by where a service finds them. */
const mountsOf = (name: string): ReadonlyMap<string, string> =>
  new Map(
    (compose.services[name]?.volumes ?? [])
      .filter((volume) => volume.startsWith('./'))
      .map((volume) => volume.split(':'))
      .map(([source = '', target = '']) => [target, source.slice(2)]),
  );

describe('docker-compose.yml', () => {
  it('has the profiles that its head promises, and no service outside of them', () => {
    const profiles = services.flatMap((entry) => entry[1].profiles);
    expect([...new Set(profiles)].sort()).toEqual(['all', 'infra', 'load', 'observability', 'tools']);
    expect(services.filter(([, { profiles: own }]) => own.length === 0)).toEqual([]);
  });

  it('publishes ports on loopback only, each of them movable', () => {
    const published = services.flatMap(([, { ports }]) => ports ?? []);
    expect(published.filter((port) => !/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/.test(port))).toEqual([]);
  });

  it('asks whatever stays up how it is, by running a command in it', () => {
    const staying = services.filter(([, { restart }]) => restart !== undefined);
    expect(staying).toHaveLength(12);
    const unasked = staying.filter(([, { healthcheck }]) => healthcheck?.test[0] !== 'CMD');
    expect(unasked.map(([name]) => name)).toEqual([]);
  });

  it('lets Redis keep what it is told: every write in a file, and nothing evicted', () => {
    const command = (compose.services['redis']?.command ?? []).join(' ');
    expect(command).toContain('--appendonly yes --appendfsync everysec');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(compose.services['redis']?.volumes).toEqual(['redis-data:/data']);
  });

  it('runs our own image without rights and on a root that cannot be written', () => {
    const own = services.filter(([, { image }]) => image === 'flash-sale:local');
    expect(own).toHaveLength(8);
    for (const [, service] of own) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });

  it.each(Object.keys(processes))('gives %s only settings that a process reads', (name) => {
    const known = new Set(Object.values(processes).flatMap((settings) => Object.keys(settings)));
    const given = Object.keys(compose.services[name]?.environment ?? {});
    expect(given.length).toBeGreaterThan(5);
    expect(given.filter((variable) => !known.has(variable) && !variable.startsWith('OTEL_'))).toEqual([]);
  });

  it.each(Object.entries(processes))(
    'hands %s every setting that the containers do not fix',
    (name, settings) => {
      const given = compose.services[name]?.environment ?? {};
      const wanted = Object.keys(settings).filter((variable) => !fixed.test(variable));
      expect(wanted.length).toBeGreaterThan(0);
      expect(wanted.filter((variable) => !(variable in given))).toEqual([]);
    },
  );

  it('hands a setting on under its own name', () => {
    const own = services.filter(([, { image }]) => image === 'flash-sale:local');
    const passed = own.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const named = passed.flatMap(([name, value]) => {
      const [, variable] = /^\$\{([A-Z_]+):-/.exec(String(value)) ?? [];
      return variable === undefined || variable === name ? [] : [`${name} from ${variable}`];
    });
    expect(named).toEqual([]);
  });

  it('keeps the payment journal with the log, so that reconcile finds the charges of earlier starts', () => {
    const { environment, volumes } = compose.services['payment-simulator'] ?? {};
    const [, folder = 'nowhere'] = volumes?.[0]?.split(':') ?? [];
    expect(environment?.['PAYMENT_JOURNAL_FILE']).toMatch(new RegExp(`^${folder}/`));
    expect(read('docker-compose.yml')).toMatchObject({ volumes: { 'payment-journal': null } });
  });

  it('mounts only what is in the checkout', () => {
    const sources = services.flatMap(([name]) => [...mountsOf(name).values()]);
    expect(sources.filter((source) => !existsSync(join(projectRoot(), source)))).toEqual([]);
  });

  it('lets Prometheus scrape every service where it listens', () => {
    const config = read(`${observability}/prometheus/prometheus.compose.yml`) as {
      readonly rule_files: readonly string[];
      readonly scrape_configs: readonly {
        readonly static_configs: readonly { readonly targets: readonly string[] }[];
      }[];
    };
    const targets = config.scrape_configs.flatMap((job) => job.static_configs.flatMap((one) => one.targets));
    const listening = ['command-api', 'query-api', 'saga', 'projector'].map(
      (name) => `${name}:${String(compose.services[name]?.environment?.['PORT'])}`,
    );
    expect([...targets].sort()).toEqual(listening.sort());
    const [rules = ''] = config.rule_files;
    expect(mountsOf('prometheus').get(rules.replace('/*.yaml', ''))).toBe(
      `${observability}/prometheus/rules`,
    );
  });

  it('shows Grafana where Prometheus is and where the dashboards are, each with an id of its own', () => {
    const provisioning = `${observability}/grafana/provisioning`;
    expect(mountsOf('grafana').get('/etc/grafana/provisioning')).toBe(provisioning);
    const sources = read(`${provisioning}/datasources/prometheus.yaml`) as {
      readonly datasources: readonly { readonly type: string; readonly url: string }[];
    };
    expect(sources.datasources).toMatchObject([{ type: 'prometheus', url: 'http://prometheus:9090' }]);
    const { providers } = read(`${provisioning}/dashboards/flash-sale.yaml`) as {
      readonly providers: readonly { readonly options: { readonly path: string } }[];
    };
    const folder = mountsOf('grafana').get(providers[0]?.options.path ?? '') ?? '';
    const uids = readdirSync(join(projectRoot(), folder))
      .filter((file) => file.endsWith('.json'))
      .map((file) => (read(join(folder, file)) as { readonly uid: string }).uid);
    expect(uids).toHaveLength(5);
    expect(new Set(uids).size).toBe(5);
  });
});
