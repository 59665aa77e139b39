import { Redis } from 'ioredis';
import * as connecting from '../../../saga/stock/connect-stock';
import { keysOf, type Keys } from '../../../saga/stock/keys';
import type { StockConnection } from '../../../saga/ports';
import { changed, replaceExport } from './replace';

export interface BehindTheBack {
  readonly redis: Redis;
  readonly keys: Keys;
}

/** Replaces words of every connection to the stock store; a second connection can undo what the first has done. */
export const changeStockConnections = (
  words: (connection: StockConnection, behind: BehindTheBack) => Partial<StockConnection>,
): void =>
  replaceExport(connecting, 'createStockConnector', (real) => (url, saleId, log, recordsDetail) => {
    const connector = real(url, saleId, log, recordsDetail);
    const redis = new Redis(url);
    redis.on('error', () => undefined);
    const keys = keysOf(saleId);
    return {
      connect: async () => {
        const connection = await connector.connect();
        return changed(connection, words(connection, { redis, keys }));
      },
    };
  });
