/**
 * What ldconfig(8) does for links: in each folder of libraries, a link from the SONAME of a library to its file where
 * nothing bears that name. Its cache, etc/ld.so.cache, is not written: the loader finds the folders of Debian's
 * libraries without it, only slower by a look or two.
 */
import type { ImagePath } from '../../tree/image-path.ts';
import { writtenLink, type WrittenEntry } from '../written-file.ts';
import { elfSoname } from './elf-soname.ts';
import type { PackageRoot } from './package-root.ts';

const trusted = ['lib', 'usr/lib', 'usr/local/lib', 'lib64', 'usr/lib64'];

export async function linkLibraries(root: PackageRoot): Promise<WrittenEntry[]> {
  const written: WrittenEntry[] = [];
  for (const folder of await libraryFolders(root)) {
    const named = new Set<string>();
    // Of two files with one SONAME the later version wins, and so the last by name.
    for (const path of libraryFiles(root, folder).reverse()) {
      const soname = elfSoname((await root.bytes(path)) ?? new Uint8Array());
      if (soname === undefined || soname.includes('/') || named.has(soname)) continue;
      named.add(soname);
      const link = `${folder}/${soname}`;
      if (!root.has(link)) written.push(writtenLink(link, path.slice(folder.length + 1)));
    }
  }
  return written;
}

/** Those that every loader knows, and what etc/ld.so.conf.d adds, each once and under its real name. */
async function libraryFolders(root: PackageRoot): Promise<string[]> {
  const texts = await Promise.all(root.filesIn('etc/ld.so.conf.d', '.conf').map((path) => root.text(path)));
  const lines = texts.flatMap((text) => (text ?? '').split('\n'));
  const named = lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line.startsWith('/'));
  const folders = [...trusted, ...named].map((folder) => root.at(folder));
  return [...new Set(folders.flatMap((entry) => (entry?.type === 'directory' ? [entry.path] : [])))].sort();
}

/** ldconfig looks at names that begin with `lib` or `ld-` and hold `.so`, and at files, not links. */
function libraryFiles(root: PackageRoot, folder: string): ImagePath[] {
  return root.filesIn(folder, '').filter((path) => {
    const name = path.slice(folder.length + 1);
    return /^(?:lib|ld-).*\.so(?:$|\.)/.test(name) && root.at(path)?.path === path;
  });
}
