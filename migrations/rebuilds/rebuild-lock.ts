import type { ViewName } from '../views/view-shape';

/** The advisory lock of whoever rebuilds a view. Any number will do that is not the migrations'; it must never change. */
export const rebuildLockClass = 71_900;
export const rebuildLockOf: Readonly<Record<ViewName, number>> = { orders: 1, items: 2, 'dead-letters': 3 };
