import { connect } from "node:tls";

const untrusted = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_REVOKED",
  "INVALID_CA",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
]);

/** Whether an error of a connection says that the other side's certificate is not trusted. */
export function isUntrusted(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && untrusted.has(String(error.code));
}

/** The SHA-256 fingerprint of the certificate that a server shows; nothing is sent to it. */
export function shownFingerprint(url: URL): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port || 443),
      servername: /^[\d.]+$|:/.test(url.hostname) ? "" : url.hostname,
      rejectUnauthorized: false,
      timeout: 5000,
    });
    const done = (fingerprint: string | undefined): void => {
      socket.destroy();
      resolve(fingerprint);
    };
    socket.once("secureConnect", () => done(socket.getPeerCertificate().fingerprint256));
    socket.once("error", () => done(undefined));
    socket.once("timeout", () => done(undefined));
  });
}

/** What an untrusted certificate means and what to do about it. */
export async function explainUntrusted(url: URL, code: string, setting: string): Promise<string> {
  const fingerprint = await shownFingerprint(url);
  const shown =
    fingerprint === undefined ? "" : ` It shows the certificate with the SHA-256 fingerprint ${fingerprint}.`;
  return `The certificate of ${url.origin} is not trusted (${code}).${shown} Compare the fingerprint on the machine itself, then give the agent the authority that signed it (${setting}). The agent never skips this check.`;
}
