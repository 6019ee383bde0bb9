/**
 * A certificate that nobody trusts, with its key: it guards nothing and is here so that this case needs no openssl.
 * It holds until 2126, since OpenSSL says of an expired one that it is expired, and no longer that nobody trusts it.
 */
import type { Certificate } from '../../rigs/certificate.ts';

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7kwlVAlK9L7wE5yE
L0CAaPorMygblxCNJqpmvnB+MBahRANCAASSBqhVGaGI6vX/moz6SWDWStuufFxu
x0Qlqt77Di5vrYTDFzyYBPiCbPbUaB/R5nJrEZz1CRmIknVu4GmGUVrq
-----END PRIVATE KEY-----`;

const certificate = `-----BEGIN CERTIFICATE-----
MIIBbjCCARWgAwIBAgIUWLfcYRDDtJYOCmn51+4gVRH/W1kwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJdW50cnVzdGVkMCAXDTI2MTEyNDAxMzAyOVoYDzIxMjYxMDMx
MDEzMDI5WjAUMRIwEAYDVQQDDAl1bnRydXN0ZWQwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASSBqhVGaGI6vX/moz6SWDWStuufFxux0Qlqt77Di5vrYTDFzyYBPiC
bPbUaB/R5nJrEZz1CRmIknVu4GmGUVrqo0MwQTAPBgNVHREECDAGhwR/AAABMA8G
A1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFKUjDLpcfwCQtudO9ZDbUycDEOMRMAoG
CCqGSM49BAMCA0cAMEQCICh9npPyHMOFfjS6/RpWeGpbn0mD46ME7Cd5RwBFxMhQ
AiAeeQCzx2zuPkQ/2AqqzuKoou3M0oOTYGkZjz0YX+3cRA==
-----END CERTIFICATE-----`;

export const untrustedCertificate: Pick<Certificate, 'key' | 'certificate'> = { key, certificate };
