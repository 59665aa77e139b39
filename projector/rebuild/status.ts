import type { Pool } from 'pg';
import type { ViewShape } from '../../migrations/views/view-shape';
import { shownState } from '../../migrations/rebuilds/stalled';
import { findRebuild, isBeingRebuilt, versionIn, type RebuildRecord } from './rebuild-store';
import type { DatasetReport } from './verify';

export interface RebuildStatus {
  readonly view: string;
  readonly live_version: number | null;
  readonly state: string;
  /** Somebody holds the view's lock: a command is at work now. */
  readonly is_at_work: boolean;
  readonly is_stalled: boolean;
  readonly events_done: number;
  readonly events_total: number;
  readonly events_per_second: number;
  readonly eta_seconds: number | null;
  readonly started_at: string | null;
  readonly last_progress_at: string | null;
  readonly detail: string | null;
  readonly report: readonly DatasetReport[] | null;
}

const instant = (ms: number): string => new Date(ms).toISOString();

const nothingBuilt = {
  state: 'NONE',
  events_done: 0,
  events_total: 0,
  events_per_second: 0,
  started_at: null,
  progressed_at: null,
  detail: null,
  report: null,
};

const etaSeconds = ({ state, events_done, events_total, events_per_second }: RebuildRecord): number | null =>
  state === 'BUILDING' && events_per_second > 0
    ? Math.ceil(Math.max(0, events_total - events_done) / events_per_second)
    : null;

const instantOrNull = (ms: number | null): string | null => (ms === null ? null : instant(ms));

/** What is known of a view's rebuild, from any process. */
export const readStatus = async (pool: Pool, shape: ViewShape, nowMs: number): Promise<RebuildStatus> => {
  const rebuild = await findRebuild(pool, shape.view);
  const known = rebuild ?? nothingBuilt;
  const state = rebuild ? shownState(rebuild, nowMs) : known.state;
  return {
    view: shape.view,
    live_version: (await versionIn(pool, shape.view, 'views')) ?? null,
    state,
    is_at_work: await isBeingRebuilt(pool, shape.view),
    is_stalled: state === 'STALLED',
    events_done: known.events_done,
    events_total: known.events_total,
    events_per_second: known.events_per_second,
    eta_seconds: rebuild ? etaSeconds(rebuild) : null,
    started_at: instantOrNull(known.started_at),
    last_progress_at: instantOrNull(known.progressed_at),
    detail: known.detail,
    report: known.report as readonly DatasetReport[] | null,
  };
};

/** For a person. */
export const describeStatus = (status: RebuildStatus): readonly string[] => {
  const share = status.events_total === 0 ? 1 : status.events_done / status.events_total;
  const lines = [
    `view           ${status.view} (live version ${status.live_version ?? 'none'})`,
    `rebuild        ${status.state}${status.is_at_work ? ', at work' : ''}`,
  ];
  if (status.started_at === null) return lines;
  lines.push(
    `events         ${status.events_done} of ${status.events_total} (${Math.floor(share * 100)} %)`,
    `rate           ${Math.round(status.events_per_second)} events/s`,
    `eta            ${status.eta_seconds === null ? '-' : `${status.eta_seconds} s`}`,
    `started        ${status.started_at}`,
    `last progress  ${status.last_progress_at ?? '-'}`,
  );
  if (status.detail !== null) lines.push(`trouble        ${status.detail}`);
  for (const { dataset, equal, live_rows: live, built_rows: built } of status.report ?? []) {
    lines.push(`compared       ${dataset}: ${live} live, ${built} built, ${equal ? 'equal' : 'DIFFERENT'}`);
  }
  return lines;
};
