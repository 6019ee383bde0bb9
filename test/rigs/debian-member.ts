/** The ar container of a .deb, member by member: for packages that today's dpkg-deb no longer builds, or never would. */
import { execFileSync } from 'node:child_process';

export interface ArMember {
  readonly name: string;
  readonly content: Buffer;
}

const magic = '!<arch>\n';

/** Of a .deb that dpkg-deb built. */
export function arMembers(bytes: Buffer): readonly ArMember[] {
  const members: ArMember[] = [];
  let at = magic.length;
  while (at < bytes.length) {
    const header = bytes.subarray(at, at + 60).toString('latin1');
    const size = Number(header.slice(48, 58));
    const content = bytes.subarray(at + 60, at + 60 + size);
    members.push({ name: header.slice(0, 16).trim().replace(/\/$/, ''), content });
    at += 60 + size + (size % 2);
  }
  return members;
}

export function arArchive(members: readonly ArMember[]): Buffer {
  const parts = members.flatMap(({ name, content }) => {
    const fields = [
      name.padEnd(16),
      '1700000000'.padEnd(12),
      '0'.padEnd(6),
      '0'.padEnd(6),
      '100644'.padEnd(8),
    ];
    const header = `${fields.join('')}${String(content.length).padEnd(10)}\x60\n`;
    return [Buffer.from(header), content, Buffer.from(content.length % 2 === 0 ? '' : '\n')];
  });
  return Buffer.concat([Buffer.from(magic), ...parts]);
}

/** The package with a plain member squeezed by bzip2: read by dpkg, no longer written by it. */
export function bzip2Member(bytes: Buffer, name: string): Buffer {
  return arArchive(
    arMembers(bytes).map((member) =>
      member.name === name
        ? { name: `${name}.bz2`, content: execFileSync('bzip2', ['-9'], { input: member.content }) }
        : member,
    ),
  );
}
