import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimPort } from '../../stack/ports';
import { projectRoot } from '../../stack/project-root';
import { startServer, type RunningServer } from '../../stack/server-process';
import { eventually } from '../../tests/support/eventually';
import { serviceNames, startSystem, type TestSystem } from '../../tests/support/system';
import { temporaryFolder } from '../../tests/support/temporary-folder';
import { emptyPanels } from './panel-answers';
import { findPrometheusTool } from './prometheus-tools';

/**
 * The shipped rules in a real Prometheus on the real system, with real faults. Only waiting is shortened: rule tests
 * hold the real durations.
 */
const prometheus = findPrometheusTool('prometheus', join(projectRoot(), '.stack', 'tools'));
if (prometheus === undefined)
  process.stderr.write('Alerts are not seen in real faults: prometheus is missing.\n');

const impatient = (rules: string): string =>
  rules.replaceAll(/for: \w+/g, 'for: 2s').replaceAll(/offset 10m/g, 'offset 15s');

const writeRules = (folder: string): void => {
  const source = join(__dirname, 'prometheus', 'rules');
  mkdirSync(join(folder, 'rules'));
  for (const file of readdirSync(source)) {
    writeFileSync(join(folder, 'rules', file), impatient(readFileSync(join(source, file), 'utf8')));
  }
};

const startPrometheus = async (folder: string, system: TestSystem): Promise<RunningServer> => {
  writeRules(folder);
  const targets = serviceNames
    .filter((name) => name !== 'payment-simulator')
    .map((name) => `127.0.0.1:${system.process(name).port}`);
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['rules/*.yaml'],
    scrape_configs: [{ job_name: 'flash-sale', honor_labels: true, static_configs: [{ targets }] }],
  };
  // YAML takes JSON as it is.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const port = await claimPort(0, 'PORT');
  const url = `http://127.0.0.1:${port}`;
  return startServer(
    {
      name: 'prometheus',
      command: prometheus ?? '',
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      logFile: join(folder, 'prometheus.log'),
      stopSignal: 'SIGTERM',
    },
    {
      url,
      port,
      timeoutMs: 30_000,
      probe: async () => {
        await ask(url, '/-/ready');
      },
    },
  );
};

const ask = async (url: string, path: string): Promise<Response> => {
  const answer = await fetch(url + path, { signal: AbortSignal.timeout(2_000) });
  if (!answer.ok) throw new Error(`${path} says ${answer.status}`);
  return answer;
};

interface Alert {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}

(prometheus === undefined ? describe.skip : describe)('alerts in real faults', () => {
  let system: TestSystem;
  let watcher: RunningServer;
  let folder: string;

  beforeAll(async () => {
    folder = temporaryFolder();
    system = await startSystem({ CIRCUIT_BREAKER_BASE_TIMEOUT: '5s' });
    watcher = await startPrometheus(folder, system);
  }, 180_000);
  afterAll(async () => {
    await watcher.stop();
    await system.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** `name` or `name/value of its most telling label` of all that fire. */
  const firing = async (): Promise<readonly string[]> => {
    const { data } = (await (await ask(watcher.url, '/api/v1/alerts')).json()) as {
      readonly data: { readonly alerts: readonly Alert[] };
    };
    return data.alerts
      .filter(({ state }) => state === 'firing')
      .map(({ labels }) => {
        const which = labels['dependency'] ?? labels['service'];
        return [labels['alertname'], which].filter((part) => part !== undefined).join('/');
      });
  };

  const fires = (...names: readonly string[]) =>
    eventually(async () => expect(await firing()).toEqual(expect.arrayContaining([...names])), {
      withinMs: 60_000,
      everyMs: 500,
    });
  const silent = (...names: readonly string[]) =>
    eventually(async () => expect((await firing()).filter((name) => names.includes(name))).toEqual([]), {
      withinMs: 90_000,
      everyMs: 500,
    });

  const buy = (): Promise<Response> =>
    fetch(`${system.commandUrl}/commands/buy`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user_id: randomUUID(), item_id: 'shoe', amount: 1, request_id: randomUUID() }),
      signal: AbortSignal.timeout(10_000),
    });

  it('none fires on a system without a fault', async () => {
    await eventually(
      async () => {
        const { data } = (await (
          await ask(watcher.url, '/api/v1/query?query=query_api_oversold_units')
        ).json()) as {
          readonly data: { readonly result: readonly unknown[] };
        };
        expect(data.result).toHaveLength(1);
      },
      { withinMs: 30_000 },
    );
    // At first everything is absent, until each target was scraped once.
    await eventually(async () => expect(await firing()).toEqual([]), { withinMs: 30_000, everyMs: 500 });
  }, 120_000);

  it('every panel of every dashboard shows a number while somebody buys', async () => {
    const stocked = await fetch(`${system.commandUrl}/commands/adjust-stock`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${system.adminToken}` },
      body: JSON.stringify({ item_id: 'shoe', delta: 3, reason: 'opening', command_id: randomUUID() }),
      signal: AbortSignal.timeout(10_000),
    });
    expect(stocked.status).toBe(202);
    await eventually(
      async () => {
        expect((await buy()).status).toBe(202);
        expect(await emptyPanels(watcher.url, '10s')).toEqual([]);
      },
      { withinMs: 60_000, everyMs: 500 },
    );
  }, 90_000);

  it('Redis away: DependencyDown and StockStoreClosed, and StockStoreRebuilt when it is back', async () => {
    const startAgain = await system.stopServer('redis');
    await fires('DependencyDown/redis', 'StockStoreClosed');
    await startAgain();
    await fires('StockStoreRebuilt');
    await silent('DependencyDown/redis', 'StockStoreClosed', 'StockStoreRebuilt');
  }, 240_000);

  it('the saga killed: ServiceDown and ServiceAbsent', async () => {
    await system.process('saga').kill('SIGKILL');
    await fires('ServiceDown', 'ServiceAbsent/saga');
    await system.restart('saga');
    await silent('ServiceDown', 'ServiceAbsent/saga');
  }, 240_000);

  it('Kafka away: CircuitBreakerOpen once buyers press, and a high ratio of failures', async () => {
    const startAgain = await system.stopServer('kafka');
    await eventually(
      async () => {
        expect((await buy()).status).toBe(503);
        expect(await firing()).toEqual(
          expect.arrayContaining([
            'CircuitBreakerOpen/command-api',
            'OrderFailureRatioHigh',
            'DependencyDown/kafka',
          ]),
        );
      },
      { withinMs: 90_000, everyMs: 200 },
    );
    await startAgain();
    // It closes by orders that succeed, not by time alone.
    await eventually(
      async () => {
        expect((await buy()).status).toBe(202);
        expect(await firing()).not.toContain('CircuitBreakerOpen/command-api');
      },
      { withinMs: 90_000, everyMs: 500 },
    );
    await silent('CircuitBreakerOpen/command-api', 'DependencyDown/kafka');
  }, 300_000);
});
