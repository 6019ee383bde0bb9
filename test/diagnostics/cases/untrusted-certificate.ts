/** A certificate that nobody trusts, with its key: it guards nothing and is here so that this case needs no openssl. */
import type { Certificate } from '../../rigs/certificate.ts';

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjzT8pRORiFBUnIM6
1n4v8LhgXFyJV+Gmw5isU5ifVB2hRANCAAREIGkQ9Va1x6fPaGFsrUINUs09+QJE
38P5ZLo7FKiY2PbIj0MCyIzxBaMH53/3cg778Y7IdLOoL5P+zP/EZDI7
-----END PRIVATE KEY-----`;

const certificate = `-----BEGIN CERTIFICATE-----
MIIBjjCCATSgAwIBAgIUVTGRu0bUZ1uXQPNBhiAiko7dB4IwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJdW50cnVzdGVkMB4XDTI2MTEyNDAxMjIxN1oXDTI2MTEyNTAx
MjIxN1owFDESMBAGA1UEAwwJdW50cnVzdGVkMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAERCBpEPVWtcenz2hhbK1CDVLNPfkCRN/D+WS6OxSomNj2yI9DAsiM8QWj
B+d/93IO+/GOyHSzqC+T/sz/xGQyO6NkMGIwHQYDVR0OBBYEFDzXkQqHUZ3S1NK+
KC9/0HuwnPYOMB8GA1UdIwQYMBaAFDzXkQqHUZ3S1NK+KC9/0HuwnPYOMA8GA1Ud
EwEB/wQFMAMBAf8wDwYDVR0RBAgwBocEfwAAATAKBggqhkjOPQQDAgNIADBFAiBW
LjIIdHL6R4mddy2vflKUJAkGteVetgp+mOboCqwrswIhAKcJc7KVEr8zHEIby+/b
YzvPUQ4EoJWI7MgdZCYb8YVk
-----END CERTIFICATE-----`;

export const untrustedCertificate: Pick<Certificate, 'key' | 'certificate'> = { key, certificate };
