/** Whether a text can sign webhooks: `whsec_` and 24 to 64 bytes in base64 (standardwebhooks.com). */
export function isWebhookSecret(text: string): boolean {
  const [, base64 = ""] = /^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/.exec(text) ?? [];
  return base64 !== "" && base64.replaceAll("=", "").length % 4 !== 1;
}
