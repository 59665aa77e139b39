"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const config_1 = require("../../chassis/config");
const log_1 = require("../../chassis/kafka/log");
const settings_1 = require("../../chassis/settings");
const history_1 = require("../history");
const registry_client_1 = require("../registry-client");
const topics_1 = require("../topics");
const catalogue_1 = require("./catalogue");
const golden_1 = require("./golden");
const judge_1 = require("./judge");
const live_1 = require("./live");
const usage = `node dist/schemas/gate/main.js [--live | --release]
  (nothing)   checks each version of each event against all earlier ones, without a registry
  --live      also compares with the registry at SCHEMA_REGISTRY_URL
  --release   checks, then writes golden records for new versions and the catalogue docs/events.md
Run it in the project's folder. Exit codes: 0 all is well, 1 findings, 64 usage, 69 no registry, 78 environment.`;
const schemasFolder = 'schemas';
const goldenFolder = (0, node_path_1.join)(schemasFolder, 'golden');
const cataloguePage = (0, node_path_1.join)('docs', 'events.md');
const registryTimeoutMs = 10_000;
const say = (line) => console.log(line);
const judge = () => (0, judge_1.judgeHistory)((0, history_1.readHistory)(schemasFolder), (0, golden_1.readGolden)(goldenFolder));
const report = ({ findings, unreleased }) => {
    for (const finding of findings)
        say(`FAILED  ${(0, judge_1.formatFinding)(finding)}`);
    for (const { eventType, version } of unreleased) {
        say(`new     ${eventType} v${version} is not released yet: node dist/schemas/gate/main.js --release`);
    }
    const versions = Object.values((0, history_1.readHistory)(schemasFolder)).flat().length;
    if (findings.length === 0)
        say(`ok      ${versions} versions, each compatible with all earlier ones, both ways`);
};
const compareLive = async () => {
    const settings = (0, config_1.readSettings)(settings_1.registrySettings, process.env);
    const client = (0, registry_client_1.createRegistryClient)(settings.SCHEMA_REGISTRY_URL, registryTimeoutMs);
    const { problems, pending } = await (0, live_1.judgeLive)(client, (0, history_1.readHistory)(schemasFolder), Object.values(topics_1.topics));
    for (const line of problems)
        say(`FAILED  ${line}`);
    for (const line of pending)
        say(`new     ${line}`);
    if (problems.length === 0)
        say('ok      the registry holds nothing that this history does not');
    return problems.length === 0 ? 0 : 1;
};
const release = ({ unreleased }) => {
    for (const version of unreleased) {
        (0, golden_1.writeGolden)(goldenFolder, (0, golden_1.goldenOf)(version));
        say(`wrote   ${(0, node_path_1.join)(goldenFolder, version.eventType, `v${version.version}.json`)}`);
    }
    (0, node_fs_1.writeFileSync)(cataloguePage, (0, catalogue_1.catalogue)((0, history_1.readHistory)(schemasFolder), (0, golden_1.readGolden)(goldenFolder)));
    say(`wrote   ${cataloguePage}`);
};
const run = async (options) => {
    const unknown = options.filter((option) => option !== '--live' && option !== '--release');
    if (unknown.length > 0) {
        console.error(usage);
        return options.includes('--help') ? 0 : 64;
    }
    const judgement = judge();
    report(judgement);
    if (judgement.findings.length > 0)
        return 1;
    if (options.includes('--release'))
        release(judgement);
    return options.includes('--live') ? compareLive() : 0;
};
const exitCodeOf = (error) => {
    if (error instanceof config_1.ConfigError)
        return 78;
    return error instanceof log_1.InfrastructureError ? 69 : 1;
};
run(process.argv.slice(2))
    .then((code) => {
    process.exitCode = code;
})
    .catch((error) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = exitCodeOf(error);
});
//# sourceMappingURL=main.js.map