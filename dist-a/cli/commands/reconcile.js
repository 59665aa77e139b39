"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addReconcile = void 0;
const commander_1 = require("commander");
const actor_1 = require("../actor");
const examples_1 = require("../examples");
const exit_1 = require("../exit");
const judge_1 = require("../reconcile/judge");
const plan_1 = require("../reconcile/plan");
const repair_1 = require("../reconcile/repair");
const report_lines_1 = require("../reconcile/report-lines");
const codes = {
    clean: exit_1.exitCodes.done,
    differences: exit_1.exitCodes.no,
    'cannot tell': exit_1.exitCodes.couldNot,
};
const showReport = ({ terminal, json }, report, more) => {
    if (json)
        terminal.json({ ...report, ...more });
    else
        terminal.lines((0, report_lines_1.reportLines)(report, terminal.paint));
};
const showPlan = ({ terminal }, report, steps, isDry) => {
    const verb = isDry ? 'would' : 'will';
    terminal.say('');
    for (const step of steps)
        terminal.say(`${verb} ${(0, plan_1.describeStep)(step)}`);
    for (const line of (0, plan_1.leftToPeople)(report))
        terminal.say(line);
};
const reconcile = async (context, options) => {
    const report = await (0, judge_1.judge)(context, options);
    const steps = (0, plan_1.planOf)(report);
    const isRepairing = options.repair && steps.length > 0;
    if (!isRepairing || options.dryRun || !context.json)
        showReport(context, report, { plan: steps });
    if (!isRepairing)
        return codes[report.verdict];
    showPlan(context, report, steps, options.dryRun);
    if (options.dryRun)
        return codes[report.verdict];
    for (const step of steps) {
        await (0, repair_1.carryOut)(context, step, (0, actor_1.actorOf)(options));
        context.terminal.say(`done: ${(0, plan_1.describeStep)(step)}`);
    }
    context.terminal.say('');
    const after = await (0, judge_1.judge)(context, options);
    showReport(context, after, { repaired: steps, before: report });
    return codes[after.verdict];
};
/** `reconcile`: does everything agree with the log? */
const addReconcile = (program, run) => {
    const command = program
        .command('reconcile')
        .description('Compare Redis, PostgreSQL and the payment journal with a fold of the log that shares no code with the services')
        .option('--repair', 'print what is to be done, do it, and compare again', false)
        .option('--dry-run', 'with --repair: only print it', false)
        .option('--without-money', 'leave the payment journal out: a provider of your own has its own books', false)
        .addOption(new commander_1.Option('--settle <time>', 'how long to wait for what is merely behind').default('30s'));
    (0, actor_1.withActor)(command);
    (0, examples_1.examples)(command, [
        ['flash-sale reconcile', 'at any time, also under load; it only reads'],
        ['flash-sale reconcile --repair --dry-run', 'what a repair would do'],
        ['flash-sale reconcile --repair', 'do it, then compare again'],
        ['flash-sale reconcile --json | jq .classes', 'counts by class, for a script'],
    ], [
        'Ends with 0 when everything agrees, 1 with differences, 2 when it could not tell. A repair only builds derived',
        'stores anew from the log and gives back charges that pay for nothing; it never edits a key, a row or the log.',
        'Needs python3 (3.9 or newer) and KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL, DATABASE_URL, PAYMENT_JOURNAL_URL.',
    ]);
    command.action(async (options) => run(command, (context) => reconcile(context, options)));
};
exports.addReconcile = addReconcile;
//# sourceMappingURL=reconcile.js.map