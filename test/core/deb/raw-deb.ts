/** Packages byte by byte, so that a test can write what dpkg-deb would not. */

/** An ar archive of members by name; a field longer than its place is cut. */
export function ar(members: readonly (readonly [string, string | Uint8Array])[]): Uint8Array {
  const parts = [Buffer.from('!<arch>\n')];
  for (const [name, content] of members) {
    const bytes = Buffer.from(content as Uint8Array);
    const fields = [
      name.padEnd(16),
      '0'.padEnd(12),
      '0'.padEnd(6),
      '0'.padEnd(6),
      '100644'.padEnd(8),
      String(bytes.length).padEnd(10),
    ];
    parts.push(Buffer.from(`${fields.join('')}\`\n`), bytes, Buffer.alloc(bytes.length % 2, '\n'));
  }
  return new Uint8Array(Buffer.concat(parts));
}
