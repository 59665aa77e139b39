import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';
import { generatedFiles } from './files';

const root = projectRoot();

describe('generated files', () => {
  it.each([...generatedFiles(root)])(
    '%s is what its source says; make generate writes it anew',
    (path, content) => {
      expect(readFileSync(join(root, path), 'utf8')).toBe(content);
    },
  );
});
