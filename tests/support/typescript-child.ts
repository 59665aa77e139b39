import { type ChildProcess, spawn } from 'node:child_process';
import { projectRoot } from '../../stack/project-root';

/** Teaches node to load our TypeScript: types are stripped file by file, as jest does it. */
const loader = `
const swc = require('@swc/core');
const { readFileSync } = require('node:fs');
const module_ = require('node:module');
const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } };
module_._extensions['.ts'] = (module, file) =>
  module._compile(swc.transformSync(readFileSync(file, 'utf8'), { ...options, filename: file }).code, file);
require(process.argv[1]);
`;

/** Runs a TypeScript file in a node process of its own, with a channel for messages; for what one process must not do to the tests. */
export const typescriptChild = (file: string, env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, ['-e', loader, file], {
    cwd: projectRoot(),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
