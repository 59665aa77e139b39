"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.tellFullLanes = void 0;
/**
 * Tells lanes that have no room where the log ends now: they are left out of fetches, which tell the others. Without
 * this the lag of a handler that stood still stayed at the 2,000 records that fit into its lane.
 */
const tellFullLanes = async (lanes, readEnds) => {
    const full = lanes.filter((lane) => lane.isFull);
    const tell = async (topic) => {
        const ends = await readEnds(topic);
        for (const lane of full)
            if (lane.topic === topic)
                lane.noteEnd(ends[lane.partition] ?? 0);
    };
    await Promise.all([...new Set(full.map(({ topic }) => topic))].map(tell));
};
exports.tellFullLanes = tellFullLanes;
//# sourceMappingURL=full-lanes.js.map