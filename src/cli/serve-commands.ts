/** The command that answers others: a registry over a folder or the store. */
import { Option } from 'commander';
import type { CommandSpec } from './command-spec.ts';

export function serveCommands(): CommandSpec[] {
  return [
    {
      name: 'serve',
      description: 'serve the store or an image layout as a registry, on loopback',
      operands: [
        ['[dir]', 'an image layout, or a new folder; without it the store’s images and a folder beside it'],
      ],
      options: [
        new Option('--listen <host:port>', 'where to listen; :PORT is on loopback').default('127.0.0.1:0'),
        new Option('--read-only', 'refuse every push and delete, and write nothing'),
        new Option('--accounts <file>', 'who may use it: USER:PASSWORD, one a line'),
        new Option('--tls-cert <file>', 'a certificate (PEM), to speak https'),
        new Option('--tls-key <file>', 'the key of the certificate (PEM)'),
      ],
      examples: [
        'layerwright serve',
        'layerwright serve --listen :5000 registry',
        'layerwright serve --read-only --listen 0.0.0.0:5000 --accounts accounts.txt --tls-cert cert.pem --tls-key key.pem out',
      ],
      load: async () => (await import('./commands/serve.ts')).runServe,
    },
  ];
}
