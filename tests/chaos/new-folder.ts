import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For what runs leave behind. PostgreSQL runs as another user when this one is root, and must be able to enter. */
export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'flash-sale-chaos-'));
  chmodSync(folder, 0o711);
  return folder;
};
