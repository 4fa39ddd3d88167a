import type { Prompt, PromptVersion } from "./schemas.ts";
import type { PromptRow, PromptVersionRow } from "./tables.ts";

/** A prompt as it goes over the wire. */
export function promptOf(row: PromptRow): Prompt {
  const { tenantId: _, writeId: __, createdAt, updatedAt, ...rest } = row;
  return { ...rest, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** A version as it goes over the wire. */
export function promptVersionOf(row: PromptVersionRow): PromptVersion {
  const { tenantId: _, writeId: __, authorId: ___, createdAt, approvedAt, deprecatedAt, ...rest } = row;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    approvedAt: approvedAt?.toISOString() ?? null,
    deprecatedAt: deprecatedAt?.toISOString() ?? null,
  };
}

/** A version as an event shows it: its text is named by its checksum. */
export function promptVersionFacts(row: PromptVersionRow): Omit<PromptVersion, "content"> {
  const { content: _, ...facts } = promptVersionOf(row);
  return facts;
}
