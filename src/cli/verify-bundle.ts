/** `verify bundle:DIR`: what there is to hold a runtime bundle against, and what was looked at. */
import { resolve } from 'node:path';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { type BundleVerdict, verifyBundle } from '../io/verify/verify-bundle.ts';
import type { Checked } from './checked.ts';
import type { Session } from './session.ts';

/** `path` may be relative to the session's folder. */
export async function verifyBundleAt(path: string, { store, folder }: Session): Promise<Checked> {
  const verdict = await verifyBundle(resolve(folder, path), store.blobs);
  const named = `bundle:${escapeText(path)}`;
  return {
    lines: [`sound    ${named}  ${verdict.manifest ?? ''}`.trimEnd(), `checked  ${checkedText(verdict)}`],
    json: { reference: `bundle:${path}`, ...verdict },
  };
}

function checkedText({ manifest, entries }: BundleVerdict): string {
  const own = 'config.json and rootfs are there';
  if (manifest === undefined) return `${own}; another tool made it, so its files were held against nothing`;
  if (entries === undefined)
    return `${own}; the store lacks its image, so its files were held against nothing`;
  return `${own}; ${entries} ${entries === 1 ? 'entry' : 'entries'} of the image: type, mode, content, link target`;
}
