const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A prefixed id that sorts by time: `run_` + 10 characters of milliseconds + 16 characters of randomness, in
 * Crockford base 32, lower case (the layout of a ULID, github.com/ulid/spec).
 */
export function newId(prefix: string, at: Date | number, randomBytes?: Uint8Array): string {
  let ms = typeof at === "number" ? at : at.getTime();
  let time = "";
  for (let i = 0; i < 10; i++) {
    time = alphabet.charAt(ms % 32) + time;
    ms = Math.floor(ms / 32);
  }
  const bytes = randomBytes ?? crypto.getRandomValues(new Uint8Array(16));
  let tail = "";
  for (let i = 0; i < 16; i++) tail += alphabet.charAt((bytes[i] ?? 0) % 32);
  return `${prefix}_${time}${tail}`;
}

/** Whether a text has the form of an id with this prefix. */
export function isId(prefix: string, text: string): boolean {
  return text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1));
}
