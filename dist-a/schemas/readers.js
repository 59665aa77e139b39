"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readerFor = exports.newestTypes = void 0;
const avsc_1 = require("avsc");
const events_1 = require("./events");
const history_1 = require("./history");
/** avsc adds methods to each record otherwise, and checks nothing more with them. */
const asType = (schema) => avsc_1.Type.forSchema(schema, { omitRecordMethods: true });
const newestTypes = (history) => Object.fromEntries(events_1.eventTypes.map((eventType) => [eventType, asType((0, history_1.newest)(history, eventType).schema)]));
exports.newestTypes = newestTypes;
/** Ours are below 4 KB; a schema of megabytes would only be there to cost time. */
const schemaCharactersMax = 64 * 1024;
const explain = (error) => (error instanceof Error ? error.message : String(error)).slice(0, 300);
const eventTypeNamed = (name) => events_1.eventTypes.find((eventType) => (0, history_1.fullName)(eventType) === name);
/** Judges a writer's schema, ours or one that the registry gave. Total: what is no schema reads nothing. */
const readerFor = (types, writerSchemaText) => {
    if (writerSchemaText.length > schemaCharactersMax) {
        return { kind: 'unreadable', detail: `a schema of ${writerSchemaText.length} characters` };
    }
    try {
        const writer = asType(JSON.parse(writerSchemaText));
        const eventType = eventTypeNamed(writer.name);
        if (!eventType)
            return { kind: 'foreign', name: writer.name ?? writer.typeName };
        const type = types[eventType];
        const isNewest = JSON.stringify(type.schema()) === JSON.stringify(writer.schema());
        return { kind: 'ours', eventType, type, resolver: isNewest ? undefined : type.createResolver(writer) };
    }
    catch (error) {
        return { kind: 'unreadable', detail: explain(error) };
    }
};
exports.readerFor = readerFor;
//# sourceMappingURL=readers.js.map