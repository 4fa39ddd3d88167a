import type { CommandKey } from "../../../contracts/relay/hello.ts";

/** How far the agent's clock may be from the control plane's. */
export const skewMs = 5 * 60_000;

/** Whether two lists name the same keys with the same times. */
export function sameKeys(a: readonly CommandKey[], b: readonly CommandKey[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * What a greeting may do to the trusted keys: take away and shorten, never add. A key that the greeting leaves out has
 * been withdrawn. When it names none that is trusted, nothing changes, so that a stranger can't make the agent deaf.
 */
export function narrowKeys(
  trusted: readonly CommandKey[],
  greeted: readonly CommandKey[],
): readonly CommandKey[] {
  const kept = trusted.flatMap((key) => {
    const same = greeted.find(({ id, publicKey }) => id === key.id && publicKey === key.publicKey);
    if (same === undefined) return [];
    const validUntil = earlier(key.validUntil, same.validUntil);
    return [{ ...key, validUntil }];
  });
  return kept.length === 0 ? trusted : kept;
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}

/** The keys after a change that a trusted key has signed: those named, with a publicKey never changed under its old id. */
export function adoptKeys(
  trusted: readonly CommandKey[],
  named: readonly CommandKey[],
): readonly CommandKey[] {
  return named.filter(({ id, publicKey }) =>
    trusted.every((key) => key.id !== id || key.publicKey === publicKey),
  );
}

/** Whether a key may still vouch for others by this machine's clock, which may be a little off. */
export function mayVouchAt(key: CommandKey, now: number): boolean {
  return key.validUntil === null || now - skewMs <= key.validUntil;
}

/** Whether a key stands at an instant of the control plane's clock. */
export function isValidAt(key: CommandKey, at: number): boolean {
  return at >= key.validFrom && (key.validUntil === null || at <= key.validUntil);
}
