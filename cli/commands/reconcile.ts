import { Option } from 'commander';
import { actorOf, withActor, type ActorOptions } from '../actor';
import type { AddCommand, Context } from '../context';
import { examples } from '../examples';
import { exitCodes, type ExitCode } from '../exit';
import { judge } from '../reconcile/judge';
import { describeStep, leftToPeople, planOf, type Step } from '../reconcile/plan';
import { carryOut } from '../reconcile/repair';
import type { Report } from '../reconcile/report';
import { reportLines } from '../reconcile/report-lines';

interface ReconcileOptions extends ActorOptions {
  readonly repair: boolean;
  readonly dryRun: boolean;
  readonly settle: string;
  readonly withoutMoney: boolean;
}

const codes: Readonly<Record<Report['verdict'], ExitCode>> = {
  clean: exitCodes.done,
  differences: exitCodes.no,
  'cannot tell': exitCodes.couldNot,
};

const showReport = ({ terminal, json }: Context, report: Report, more: object): void => {
  if (json) terminal.json({ ...report, ...more });
  else terminal.lines(reportLines(report, terminal.paint));
};

const showPlan = ({ terminal }: Context, report: Report, steps: readonly Step[], isDry: boolean): void => {
  const verb = isDry ? 'would' : 'will';
  terminal.say('');
  for (const step of steps) terminal.say(`${verb} ${describeStep(step)}`);
  for (const line of leftToPeople(report)) terminal.say(line);
};

const reconcile = async (context: Context, options: ReconcileOptions): Promise<ExitCode> => {
  const report = await judge(context, options);
  const steps = planOf(report);
  const isRepairing = options.repair && steps.length > 0;
  if (!isRepairing || options.dryRun || !context.json) showReport(context, report, { plan: steps });
  if (!isRepairing) return codes[report.verdict];
  showPlan(context, report, steps, options.dryRun);
  if (options.dryRun) return codes[report.verdict];
  for (const step of steps) {
    await carryOut(context, step, actorOf(options));
    context.terminal.say(`done: ${describeStep(step)}`);
  }
  context.terminal.say('');
  const after = await judge(context, options);
  showReport(context, after, { repaired: steps, before: report });
  return codes[after.verdict];
};

/** `reconcile`: does everything agree with the log? */
export const addReconcile: AddCommand = (program, run) => {
  const command = program
    .command('reconcile')
    .description(
      'Compare Redis, PostgreSQL and the payment journal with a fold of the log that shares no code with the services',
    )
    .option('--repair', 'print what is to be done, do it, and compare again', false)
    .option('--dry-run', 'with --repair: only print it', false)
    .option(
      '--without-money',
      'leave the payment journal out: a provider of your own has its own books',
      false,
    )
    .addOption(new Option('--settle <time>', 'how long to wait for what is merely behind').default('30s'));
  withActor(command);
  examples(
    command,
    [
      ['flash-sale reconcile', 'at any time, also under load; it only reads'],
      ['flash-sale reconcile --repair --dry-run', 'what a repair would do'],
      ['flash-sale reconcile --repair', 'do it, then compare again'],
      ['flash-sale reconcile --json | jq .classes', 'counts by class, for a script'],
    ],
    [
      'Ends with 0 when everything agrees, 1 with differences, 2 when it could not tell. A repair only builds derived',
      'stores anew from the log and gives back charges that pay for nothing; it never edits a key, a row or the log.',
      'Needs python3 (3.9 or newer) and KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL, DATABASE_URL, PAYMENT_JOURNAL_URL.',
    ],
  );
  command.action(async (options: ReconcileOptions) => run(command, (context) => reconcile(context, options)));
};
