/** Self-signed certificates for loopback, made by openssl into a temporary folder. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  /** PEM text, and the same in a file. */
  readonly certificate: string;
  readonly certificateFile: string;
  readonly key: string;
  readonly keyFile: string;
  remove(): Promise<void>;
}

export interface CertificateOptions {
  /** Default: 127.0.0.1 and localhost. */
  readonly names?: string;
  /** Default: 30. A negative number makes one that has expired. */
  readonly days?: number;
}

export async function makeCertificate(options: CertificateOptions = {}): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'lw-cert-'));
  const [certificateFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const names = options.names ?? 'IP:127.0.0.1,DNS:localhost';
  const common = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    keyFile,
    '-out',
    certificateFile,
  ];
  const subject = ['-subj', '/CN=layerwright test', '-addext', `subjectAltName=${names}`];
  const days = ['-days', String(options.days ?? 30)];
  execFileSync('openssl', [...common, ...subject, ...days], { stdio: 'ignore' });
  return {
    certificate: await readFile(certificateFile, 'utf8'),
    certificateFile,
    key: await readFile(keyFile, 'utf8'),
    keyFile,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
