"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readNews = readNews;
const newsOf = (block) => {
    const field = (name) => block
        .split('\n')
        .filter((line) => line.startsWith(`${name}: `))
        .map((line) => line.slice(name.length + 2))
        .join('\n');
    const data = field('data');
    if (data === '')
        return undefined;
    switch (field('event')) {
        case 'snapshot':
            return { kind: 'snapshot', snapshot: JSON.parse(data) };
        case 'unknown':
            return { kind: 'unknown', since: JSON.parse(data).since };
        default:
            return undefined;
    }
};
/** Reads server-sent events; what is neither a snapshot nor its absence is passed over. */
async function* readNews(body) {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of body) {
        const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
            const news = newsOf(block);
            if (news)
                yield news;
        }
    }
}
//# sourceMappingURL=read-stream.js.map