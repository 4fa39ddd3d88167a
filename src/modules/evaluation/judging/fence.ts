import { sha256Json } from "../../../kernel/hash.ts";

/** Named data of a sample; a list is written as one numbered JSON object a line. */
export type PromptInput = { readonly [field: string]: string | readonly string[] | undefined };

/**
 * Writes every part of a sample as a block between an opening and a closing line that carry a fence: 24 hexadecimal
 * characters of the SHA-256 of the whole sample. No part contains the fence (else the next counter is hashed), so no
 * text can close its own block, and the same sample always gives the same prompt.
 */
export async function fencedBlocks(input: PromptInput): Promise<string> {
  const parts = Object.entries(input).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, text: typeof value === "string" ? value : numbered(value) }],
  );
  const fence = await freeFence(parts.map((part) => part.text));
  return parts
    .map(({ name, text }) => `<<<DATA ${name} ${fence}>>>\n${text}\n<<<END ${name} ${fence}>>>`)
    .join("\n\n");
}

async function freeFence(texts: readonly string[]): Promise<string> {
  for (let counter = 0; ; counter++) {
    const fence = (await sha256Json({ counter, texts })).slice(0, 24);
    if (!texts.some((text) => text.includes(fence))) return fence;
  }
}

function numbered(items: readonly string[]): string {
  return items.map((text, index) => JSON.stringify({ index, text })).join("\n");
}
