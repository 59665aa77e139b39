export type ViewName = 'orders' | 'items' | 'dead-letters';

/**
 * Where a view's tables can stand: `views` is what readers see, `views_next` is being built by a rebuild,
 * `views_previous` is what readers saw before the last switch. A table has the same name in all three, so a switch
 * moves tables between schemas and no query changes.
 */
export type ViewSchema = 'views' | 'views_next' | 'views_previous';
export const viewSchemas = ['views', 'views_next', 'views_previous'] as const satisfies readonly ViewSchema[];

/** The tables of one view at one version. The first one holds its offsets: rows and offsets move together. */
export interface ViewShape {
  readonly view: ViewName;
  readonly version: number;
  readonly tables: readonly [string, ...string[]];
  readonly create: (schema: ViewSchema) => readonly string[];
  readonly createIndexes: (schema: ViewSchema) => readonly string[];
}
