/** An HTTP request to a channel's receiver. */
export interface ChannelRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether an answer of 200 is a refusal all the same (Slack's API says so in the body). */
  readonly refusedBy?: (body: string) => boolean;
}

export const json = { "content-type": "application/json" } as const;

/** A channel can't be used as it is set up; sending again does not help. The message never holds a secret. */
export class ChannelFault extends Error {
  override readonly name = "ChannelFault";
}

/** The secret of a channel that can't do without. */
export function mustHaveSecret(secret: string | undefined, what: string): string {
  if (secret === undefined || secret === "") throw new ChannelFault(`The channel needs a secret: ${what}.`);
  return secret;
}

/** A secret that is the receiver's URL. */
export function secretUrl(secret: string | undefined): string {
  const text = mustHaveSecret(secret, "the receiver's webhook URL");
  if (!URL.canParse(text)) throw new ChannelFault("The channel's secret is not a URL.");
  return text;
}
