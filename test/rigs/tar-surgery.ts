/** Changes of a tar that some tool wrote, member by member, without writing it anew. */

export interface TarPiece {
  readonly name: string;
  /** Header, content and padding. */
  readonly bytes: Buffer;
}

/** The members of a tar of plain headers, and the tar that other members make. */
export function changeMembers(tar: Buffer, change: (pieces: TarPiece[]) => TarPiece[]): Buffer {
  const pieces: TarPiece[] = [];
  let at = 0;
  while (tar[at] !== 0) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    const end = at + 512 + Math.ceil(size / 512) * 512;
    pieces.push({ name: tar.toString('latin1', at, tar.indexOf(0, at)), bytes: tar.subarray(at, end) });
    at = end;
  }
  return Buffer.concat([...change(pieces).map(({ bytes }) => bytes), tar.subarray(at)]);
}

/** The tar with the one member of this name changed in place; its checksum is made right. */
export function changeMember(tar: Buffer, name: string, change: (bytes: Buffer) => void): Buffer {
  return changeMembers(tar, (pieces) =>
    pieces.map((piece) => {
      if (piece.name !== name) return piece;
      const bytes = Buffer.from(piece.bytes);
      change(bytes);
      bytes.write('        ', 148, 'latin1');
      const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
      bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
      return { name, bytes };
    }),
  );
}

/** Writes octal digits into a field of a header. */
export function setNumber(header: Buffer, at: number, value: number): void {
  const digits = at < 124 ? 7 : 11;
  header.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
}
