/** Text sealed under a key-encryption key: what may stand in the database. */
export interface Sealed {
  readonly keyId: string;
  readonly iv: string;
  readonly text: string;
}

/** AES-256-GCM under the platform's key-encryption keys; `binding` (tenant and name) is authenticated with the text. */
export interface CipherPort {
  seal(plain: string, binding: string): Promise<Sealed>;
  /** Throws when the text was changed, or sealed for another binding. */
  open(sealed: Sealed, binding: string): Promise<string>;
}
