"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.asTyped = void 0;
/** A command as a reader types it: with the addresses of this system, and with things that exist for placeholders. */
const asTyped = (command, given) => command
    .replaceAll(/(?:http:\/\/)?(?:localhost|127\.0\.0\.1):8080/g, given.commandUrl)
    .replaceAll(/(?:http:\/\/)?(?:localhost|127\.0\.0\.1):8090/g, given.queryUrl)
    .replace(/ITEM=\S+/, `ITEM=${given.itemId}`)
    .replace(/QTY=\S+/, 'QTY=5')
    .replace(/ID=\S+/, `ID=${given.orderId}`)
    .replace(/(?<=flash-sale order )(?:x|…)$/, given.orderId)
    .replace(/(?<=flash-sale stock (?:show|add) )(?:x|…)/, given.itemId)
    .replace(/(?<=flash-sale sale pause )…/, () => given.nextItemId())
    .replace(/(?<=--group )…/, given.letterGroup)
    .replace(/(?<=--note )…/, 'seen')
    .replace(/<(?:request_id|order)>/, given.orderId)
    .replace('"…"', '"a reason"');
exports.asTyped = asTyped;
//# sourceMappingURL=placeholders.js.map