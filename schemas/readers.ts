import { Type, type Schema } from 'avsc';
import { eventTypes, type EventType } from './events';
import { fullName, newest, type SchemaHistory } from './history';

type Resolver = ReturnType<Type['createResolver']>;

/** How bytes written with one schema are read into the newest schema of their event. */
export type Reader =
  | {
      readonly kind: 'ours';
      readonly eventType: EventType;
      readonly type: Type;
      /** Absent when the writer's schema is the newest one. */
      readonly resolver: Resolver | undefined;
    }
  | { readonly kind: 'foreign'; readonly name: string }
  | { readonly kind: 'unreadable'; readonly detail: string };

export type NewestTypes = Readonly<Record<EventType, Type>>;

/** avsc adds methods to each record otherwise, and checks nothing more with them. */
const asType = (schema: unknown): Type => Type.forSchema(schema as Schema, { omitRecordMethods: true });

export const newestTypes = (history: SchemaHistory): NewestTypes =>
  Object.fromEntries(
    eventTypes.map((eventType) => [eventType, asType(newest(history, eventType).schema)]),
  ) as Record<EventType, Type>;

/** Ours are below 4 KB; a schema of megabytes would only be there to cost time. */
const schemaCharactersMax = 64 * 1024;

const explain = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 300);

const eventTypeNamed = (name: string | undefined): EventType | undefined =>
  eventTypes.find((eventType) => fullName(eventType) === name);

/** Judges a writer's schema, ours or one that the registry gave. Total: what is no schema reads nothing. */
export const readerFor = (types: NewestTypes, writerSchemaText: string): Reader => {
  if (writerSchemaText.length > schemaCharactersMax) {
    return { kind: 'unreadable', detail: `a schema of ${writerSchemaText.length} characters` };
  }
  try {
    const writer = asType(JSON.parse(writerSchemaText));
    const eventType = eventTypeNamed(writer.name);
    if (!eventType) return { kind: 'foreign', name: writer.name ?? writer.typeName };
    const type = types[eventType];
    const isNewest = JSON.stringify(type.schema()) === JSON.stringify(writer.schema());
    return { kind: 'ours', eventType, type, resolver: isNewest ? undefined : type.createResolver(writer) };
  } catch (error) {
    return { kind: 'unreadable', detail: explain(error) };
  }
};
