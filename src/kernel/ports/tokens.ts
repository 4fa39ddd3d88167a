/** What an access token says; `grants` and `projectIds` are for other services that read it. */
export interface AccessClaims {
  readonly userId: string;
  readonly tenantId: string;
  readonly sessionId: string;
  readonly role: string;
  readonly grants: readonly string[];
  readonly projectIds?: readonly string[];
}

/** The public half of a signing key (RFC 8037). */
export interface PublicKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly kid: string;
  readonly alg: "EdDSA";
  readonly use: "sig";
}

/** Signs and reads credentials with the keys of the deployment. */
export interface TokenPort {
  /** Stands in every API key, so that a key of one deployment is not mistaken for another's. */
  readonly keyEnvironment: "live" | "test" | "dev";
  /** A JWT (RFC 9068) signed with Ed25519. */
  sign(claims: AccessClaims, tokenId: string, now: Date, lifetimeSeconds: number): Promise<string>;
  /** Throws `unauthenticated`: `access.token_expired` or `access.token_invalid`. */
  verify(token: string, now: Date): Promise<AccessClaims>;
  publicKeys(): Promise<readonly PublicKey[]>;
  /** Whether a text is the bootstrap token of the deployment; false when there is none. */
  isBootstrapToken(text: string): Promise<boolean>;
  /** A keyed hash (HMAC-SHA-256, hexadecimal): tells equal texts without keeping anything that can be guessed. */
  fingerprint(text: string): Promise<string>;
}
