/** Self-signed certificates for loopback, made by openssl into a temporary folder. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
  readonly expired?: true;
  /** The name of its subject; of two with one name, an OpenSSL that is given both may look at the wrong one. */
  readonly subject?: string;
}

export async function makeCertificate(options: CertificateOptions = {}): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'lw-cert-'));
  const [certificateFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const config = join(folder, 'openssl.cnf');
  await writeFile(config, configuration(folder, options));
  await writeFile(join(folder, 'index.txt'), '');
  const request = join(folder, 'request.pem');
  openssl(
    'req',
    '-config',
    config,
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    keyFile,
    '-out',
    request,
  );
  const ends = options.expired === undefined ? '20450101000000Z' : '20210101000000Z';
  const period = ['-startdate', '20200101000000Z', '-enddate', ends];
  const files = ['-keyfile', keyFile, '-in', request, '-out', certificateFile, '-outdir', folder];
  openssl('ca', '-config', config, '-batch', '-selfsign', '-notext', '-create_serial', ...period, ...files);
  return {
    certificate: await readFile(certificateFile, 'utf8'),
    certificateFile,
    key: await readFile(keyFile, 'utf8'),
    keyFile,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function openssl(...argv: readonly string[]): void {
  execFileSync('openssl', argv, { stdio: 'ignore' });
}

// `openssl ca` is the one that takes a period in the past.
function configuration(folder: string, options: CertificateOptions): string {
  const { names = 'IP:127.0.0.1,DNS:localhost', subject = 'layerwright test' } = options;
  return `
[req]
distinguished_name = name
prompt = no
[name]
CN = ${subject}
[ca]
default_ca = own
[own]
database = ${folder}/index.txt
serial = ${folder}/serial
default_md = sha256
policy = anyone
x509_extensions = server
[anyone]
commonName = supplied
[server]
basicConstraints = critical, CA:true
subjectAltName = ${names}
`;
}
