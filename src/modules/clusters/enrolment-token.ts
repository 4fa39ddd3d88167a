import { sha256Hex, toHex } from "../../kernel/hash.ts";

/** The text of a one-time token and the hash that is kept: 160 random bits behind the id of its row. */
export async function newEnrolmentToken(enrolmentId: string): Promise<{ token: string; hash: string }> {
  const secret = toHex(crypto.getRandomValues(new Uint8Array(20)));
  const token = `maru_enroll_${enrolmentId.slice(enrolmentId.indexOf("_") + 1)}_${secret}`;
  return { token, hash: await sha256Hex(token) };
}

/** The id of the row that a token belongs to; undefined for what is no token. */
export function enrolmentIdOf(token: string): string | undefined {
  const id = /^maru_enroll_([0-9a-hjkmnp-tv-z]{26})_[0-9a-f]{40}$/.exec(token)?.[1];
  return id === undefined ? undefined : `enr_${id}`;
}
