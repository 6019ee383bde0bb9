/** What `lint` finds in the examples that can be planned in a checkout; the others need an archive that a script makes. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../rigs/command.ts';
import { repository } from '../rigs/documents.ts';
import { scratchFolder } from '../rigs/scratch-folder.ts';

test.each([
  // Its README says why: it is the least that makes an image.
  ['hello', ['lint/root-user']],
  ['several-images', []],
])('%s has the findings that it explains, and no others', (example, explained) => {
  const scratch = scratchFolder('lint-examples');
  const place = { cwd: join(repository, 'examples', example), cache: scratch.path };
  const { status, stdout } = runCommand(['lint', '--json'], place);
  scratch.remove();
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly code: string }[] };
  expect([status, findings.map(({ code }) => code)]).toEqual([0, explained]);
});
