/** Slow, salted hashes of passwords in the PHC string format. Passwords are compared after Unicode NFKC. */
export interface PasswordPort {
  hash(password: string): Promise<string>;
  /** Null stands for an account that doesn't exist: it takes as long as any other answer and is always false. */
  verify(password: string, encoded: string | null): Promise<boolean>;
}
