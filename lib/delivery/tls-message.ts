/** Messages by Node's error codes, which include those of OpenSSL's checks of certificates. */
const MESSAGES: Readonly<Record<string, string>> = {
  ECONNRESET: 'the server closed the connection during the handshake',
  EPIPE: 'the server closed the connection during the handshake',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
  HOSTNAME_MISMATCH: 'the certificate is for another host name',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  CERT_REVOKED: 'the certificate was revoked',
  CERT_SIGNATURE_FAILURE: 'the signature of the certificate is wrong',
  CERT_CHAIN_TOO_LONG: 'the chain of certificates is too long',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an authority that is not trusted here',
  CERT_UNTRUSTED: 'the certificate comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate has no known issuer; is an intermediate certificate missing?',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the certificate has no known issuer; is an intermediate certificate missing?',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the certificate has no known issuer; is an intermediate certificate missing?',
  INVALID_CA: 'a certificate in the chain may not issue others',
  PATH_LENGTH_EXCEEDED: 'a certificate in the chain may not issue others',
  INVALID_PURPOSE: 'the certificate is not for a server',
  UNSPECIFIED: 'the certificate is not accepted; its key or its signature may be too weak',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the server takes neither TLS 1.2 nor TLS 1.3',
  ERR_SSL_CA_MD_TOO_WEAK: 'the certificate is signed with an algorithm that is too weak',
  ERR_SSL_EE_KEY_TOO_SMALL: 'the key of the certificate is too short',
  ERR_SSL_CA_KEY_TOO_SMALL: 'the key of the certificate is too short',
  ERR_SSL_DH_KEY_TOO_SMALL: 'the key exchange of the server is too weak',
};

/** An alert of RFC 8446, section 6. The text before its name differs between versions of OpenSSL. */
const ALERT = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13|SSL\/TLS)_(?:ALERT_)?(.+)$/;

/**
 * Why a TLS handshake failed, in the same words on every Node: OpenSSL's texts differ between versions, its codes
 * hardly do.
 */
export function tlsMessage(code: string): string {
  return `TLS: ${MESSAGES[code] ?? alertMessage(code) ?? otherMessage(code)}`;
}

function alertMessage(code: string): string | undefined {
  const alert = ALERT.exec(code)?.[1];
  if (alert === undefined) return undefined;
  if (alert === 'PROTOCOL_VERSION') return MESSAGES['ERR_SSL_UNSUPPORTED_PROTOCOL'];
  return `the server refused the handshake (${alert.toLowerCase().replaceAll('_', ' ')})`;
}

function otherMessage(code: string): string {
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return 'the server does not answer with valid TLS';
  return `the handshake failed (${code})`;
}
