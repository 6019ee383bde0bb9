/**
 * What update-ca-certificates(8) makes of the certificates of the package ca-certificates in a fresh root: the list in
 * etc/ca-certificates.conf, the bundle etc/ssl/certs/ca-certificates.crt, and for each certificate a link under its own
 * name and one under its hash, by which OpenSSL finds it.
 */
import { writtenFile, writtenFolder, writtenLink, type WrittenEntry } from '../written-file.ts';
import type { PackageRoot } from './package-root.ts';
import { subjectHash } from './subject-hash.ts';

const home = 'usr/share/ca-certificates';

export async function bundleCertificates(root: PackageRoot): Promise<WrittenEntry[]> {
  const paths = root.filesBelow(home, '.crt');
  if (paths.length === 0 || root.has('etc/ssl/certs/ca-certificates.crt')) return [];
  const texts = await Promise.all(paths.map((path) => root.text(path)));
  const all = paths.map((path, index) => ({
    path,
    name: pemName(path),
    text: withLineFeed(texts[index] ?? ''),
  }));
  return [
    ...['etc', 'etc/ssl', 'etc/ssl/certs'].map((path) => writtenFolder(path)),
    writtenFile(
      'etc/ca-certificates.conf',
      all.map(({ path }) => `${path.slice(home.length + 1)}\n`).join(''),
    ),
    writtenFile('etc/ssl/certs/ca-certificates.crt', all.map(({ text }) => text).join('')),
    ...all.map(({ path, name }) => writtenLink(`etc/ssl/certs/${name}`, `/${path}`)),
    ...hashLinks(all),
  ];
}

/** As update-ca-certificates names it. */
function pemName(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1).replace(/\.crt$/, '');
  return `${base.replace(/ /g, '_').replace(/[()]/g, '=').replace(/,/g, '_')}.pem`;
}

/** `HASH.0`, and on for others with one subject, in the order of their names. */
function hashLinks(all: readonly { readonly name: string; readonly text: string }[]): WrittenEntry[] {
  const counts = new Map<string, number>();
  return all.flatMap(({ name, text }) => {
    const hash = subjectHash(text);
    if (hash === undefined) return [];
    const count = counts.get(hash) ?? 0;
    counts.set(hash, count + 1);
    return [writtenLink(`etc/ssl/certs/${hash}.${String(count)}`, name)];
  });
}

function withLineFeed(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
