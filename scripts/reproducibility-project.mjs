/** The project that scripts/reproducibility.mjs builds: one of each thing whose bytes could depend on the machine. */
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/**
 * @typedef {object} ProjectFile
 * @property {string | Buffer} path relative to the project; bytes where it is no UTF-8
 * @property {string | Buffer} content
 * @property {boolean} [executable]
 * @property {boolean} [link] a symlink, whose target is the content
 */

const recipe = `
platforms: [linux/amd64, linux/arm64]
images:
  base:
    image: localhost/base
    env: { PATH: /usr/bin }
    layers:
      - archive: root.tar.gz
      - file: /etc/motd
        content: A base.
  service:
    image: localhost/service
    from: image:base
    user: guest
    workdir: /app
    env:
      PATH: /app/bin:\${PATH}
      LANG: C
    entrypoint: [/usr/bin/tool]
    ports: [8080, 53/udp]
    labels: { b: "2", a: "1" }
    annotations: { org.example.z: z, org.example.a: a }
    layers:
      - copy: app
        exclude: ["**/*.map"]
      - copy: tool-\${{ platform.arch }}
        to: /usr/bin/tool
        mode: "0755"
        owner: "1000:1000"
      - group:
          - dir: /var/tmp
            mode: "1777"
          - link: /tmp
            target: var/tmp
      - remove: /etc/motd
    runtime:
      hostname: reproducible
      readonly: true
      memory: 64m
      tmpfs: [/run]
`;

/** @returns {Promise<readonly ProjectFile[]>} */
export async function projectFiles() {
  const many = Array.from({ length: 200 }, (_, index) => ({
    path: `app/lib/${index % 7}/module-${index}.js`,
    content: `export const value = ${index};\n`.repeat(1 + (index % 50)),
  }));
  const names = [
    'é',
    'e\u0301',
    'İ',
    'ı',
    'ß',
    'Z',
    'z',
    'a b',
    'a-b',
    'a.b',
    'a',
    '日本',
    '\u{1f600}',
    '\uff5e',
  ];
  return [
    ...many,
    ...names.map((name) => ({ path: `app/names/${name}`, content: name })),
    { path: Buffer.from('app/names/\xff\xfe', 'latin1'), content: 'no UTF-8' },
    { path: 'app/bin/start', content: '#!/bin/sh\n', executable: true },
    { path: 'app/bin/begin', content: 'start', link: true },
    { path: 'app/lib/skipped.map', content: '{}' },
    { path: 'tool-amd64', content: 'amd64', executable: true },
    { path: 'tool-arm64', content: 'arm64' },
    { path: 'root.tar.gz', content: await archive() },
    { path: 'oci.config.yaml', content: recipe },
  ];
}

async function archive() {
  const tar = pack();
  const accounts = 'root:x:0:0::/root:/bin/sh\nguest:x:1000:100::/home/guest:/bin/sh\n';
  const mtime = new Date(1_600_000_000_000);
  tar.entry({ name: 'etc', type: 'directory', mode: 0o755, mtime });
  tar.entry({ name: 'etc/passwd', mode: 0o644, mtime }, accounts);
  tar.entry({ name: 'home/guest', type: 'directory', mode: 0o700, uid: 1000, gid: 100, mtime });
  tar.entry({ name: 'usr/bin/shared', mode: 0o2755, mtime }, 'shared');
  tar.entry({ name: 'usr/bin/also', type: 'link', linkname: 'usr/bin/shared', mtime });
  tar.entry({ name: 'run/pipe', type: 'fifo', mode: 0o600, mtime });
  tar.finalize();
  return gzipSync(await buffer(tar));
}
