/** What Go's archive/tar reads, with which docker, containerd, umoci and podman read layers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathFromBytes } from '../../../src/core/tree/image-path.ts';

export const hasGo = spawnSync('go', ['version']).status === 0;

export interface GoHeader {
  /** Names as bytes, escaped as in ImagePath; a folder's ends in a slash. */
  readonly name: string;
  readonly link: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly major: number;
  readonly minor: number;
  /** Values as base64. */
  readonly xattrs: Readonly<Record<string, string>>;
}

export interface GoReading {
  readonly headers: readonly GoHeader[];
  /** `EOF` where all was read. */
  readonly error: string;
}

/** Reads many tars in one run of a small Go program. */
export function readByGo(tars: readonly Uint8Array[]): GoReading[] {
  const folder = mkdtempSync(join(tmpdir(), 'layerwright-go-'));
  try {
    const paths = tars.map((bytes, at) => {
      const path = join(folder, `${at}.tar`);
      writeFileSync(path, bytes);
      return path;
    });
    writeFileSync(join(folder, 'list'), paths.join('\n'));
    writeFileSync(join(folder, 'main.go'), program);
    const env = { ...process.env, GO111MODULE: 'off', GOFLAGS: '' };
    const args = ['run', join(folder, 'main.go'), join(folder, 'list')];
    const out = execFileSync('go', args, { encoding: 'utf8', env, maxBuffer: 2 ** 28 });
    return out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line, revive) as GoReading);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names come as base64; attributes as pairs of a name and a value. */
function revive(key: string, value: unknown): unknown {
  if ((key === 'name' || key === 'link') && typeof value === 'string') return nameOf(value);
  if (key !== 'xattrs') return value;
  const pairs = (value as [string, string][]).map(([name, base64]) => [nameOf(name), base64] as const);
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function nameOf(base64: string): string {
  return pathFromBytes(Buffer.from(base64, 'base64'));
}

const program = `package main

import (
	"archive/tar"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func read(path string) map[string]any {
	file, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	reader := tar.NewReader(file)
	headers := []any{}
	for {
		h, err := reader.Next()
		if err != nil {
			return map[string]any{"headers": headers, "error": err.Error()}
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		xattrs := [][][]byte{}
		for key, value := range h.PAXRecords {
			if strings.HasPrefix(key, "SCHILY.xattr.") {
				xattrs = append(xattrs, [][]byte{[]byte(key[13:]), []byte(value)})
			}
		}
		headers = append(headers, map[string]any{
			"name": []byte(h.Name), "link": []byte(h.Linkname), "type": string(rune(h.Typeflag)),
			"mode": h.Mode, "uid": h.Uid, "gid": h.Gid, "size": h.Size,
			"seconds": h.ModTime.Unix(), "nanoseconds": h.ModTime.Nanosecond(),
			"major": h.Devmajor, "minor": h.Devminor, "xattrs": xattrs,
		})
		// Nothing but what an entry says it has, and no more than a few bytes of it, are wanted here.
		if h.Size > 1<<30 {
			return map[string]any{"headers": headers, "error": io.EOF.Error()}
		}
	}
}

func main() {
	list, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	for _, path := range strings.Split(string(list), "\\n") {
		line, _ := json.Marshal(read(path))
		fmt.Println(string(line))
	}
}
`;
