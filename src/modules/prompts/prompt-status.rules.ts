import { type Lifecycle, type Mover, moveVersion } from "../../kernel/versioning/lifecycle.rules.ts";
import type { PromptRow, PromptVersionRow } from "./tables.ts";

type Status = PromptVersionRow["status"];

/** draft → approved → deprecated, and draft → deprecated; approving needs four eyes, deprecated is final. */
const lifecycle: Lifecycle<Status> = {
  module: "prompts",
  initial: "draft",
  moves: { draft: ["approved", "deprecated"], approved: ["deprecated"], deprecated: [] },
  fourEyes: ["approved"],
};

/**
 * A draft, approved by somebody else than its author.
 * @throws forbidden `prompts.approver_is_author`, conflict `prompts.transition_refused`
 */
export function approveVersion(version: PromptVersionRow, approver: Mover, now: Date): PromptVersionRow {
  const approved = moveVersion(lifecycle, version, "approved", approver);
  return { ...approved, approvedBy: approver.name, approvedAt: now };
}

/** A version that is not to be used any more. @throws conflict `prompts.transition_refused` */
export function deprecateVersion(version: PromptVersionRow, mover: Mover, now: Date): PromptVersionRow {
  return { ...moveVersion(lifecycle, version, "deprecated", mover), deprecatedAt: now };
}

/** The prompt after one of its versions changed; `approved` are its other approved versions, in any order. */
export function promptAfter(
  prompt: PromptRow,
  changed: PromptVersionRow,
  approved: readonly number[],
  now: Date,
): PromptRow {
  const standing = changed.status === "approved" ? [...approved, changed.version] : approved;
  return {
    ...prompt,
    approvedVersion: standing.length > 0 ? Math.max(...standing) : null,
    updatedAt: now,
    version: prompt.version + 1,
  };
}
