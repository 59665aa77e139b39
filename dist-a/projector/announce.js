"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.announceBatch = void 0;
const announcement_1 = require("../migrations/views/announcement");
/** Tells listeners of a batch in its own transaction: they hear of it when it is committed, and only then. */
const announceBatch = (view) => async (client, folded, written) => {
    const payloads = (0, announcement_1.encodeAnnouncement)({
        view,
        moves: folded.moves.map(({ topic, partition, to }) => [topic, partition, to.next]),
        decided: written.decided,
    });
    await client.query({
        name: 'announce',
        text: 'select pg_notify($1, payload) from unnest($2::text[]) as p (payload)',
        values: [announcement_1.announcementChannel, payloads],
    });
};
exports.announceBatch = announceBatch;
//# sourceMappingURL=announce.js.map