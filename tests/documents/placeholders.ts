/** Things that exist in the system on which the commands are typed. */
export interface Given {
  readonly commandUrl: string;
  readonly queryUrl: string;
  readonly orderId: string;
  readonly itemId: string;
  /** Gives another item at every call: a sale is paused once. */
  readonly nextItemId: () => string;
  readonly letterGroup: string;
}

/** A command as a reader types it: with the addresses of this system, and with things that exist for placeholders. */
export const asTyped = (command: string, given: Given): string =>
  command
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
