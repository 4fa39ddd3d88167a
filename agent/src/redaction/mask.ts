/** What stands where a secret was. A body that holds it is not written back: it would destroy the secret. */
export const mask = "redacted-by-maru-agent";

/** The mask where the API expects base64. */
export const maskBase64 = btoa(mask);

/** Whether a body that is about to be written holds a mask. */
export function holdsMask(text: string): boolean {
  return text.includes(mask) || text.includes(maskBase64);
}
