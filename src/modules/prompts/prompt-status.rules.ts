import { problem } from "../../kernel/problem.ts";
import type { PromptRow, PromptVersionRow } from "./tables.ts";

type Status = PromptVersionRow["status"];

/** draft → approved → deprecated, and draft → deprecated; deprecated is final. */
const next: Readonly<Record<Status, readonly Status[]>> = {
  draft: ["approved", "deprecated"],
  approved: ["deprecated"],
  deprecated: [],
};

function mustMove(version: PromptVersionRow, to: Status): void {
  if (next[version.status].includes(to)) return;
  throw problem(
    "conflict",
    "prompts.transition_refused",
    `Version ${version.version} is ${version.status}; it can't become ${to}.`,
    { data: { status: version.status, allowed: next[version.status] } },
  );
}

/**
 * A draft, approved by somebody else than its author.
 * @throws forbidden `prompts.approver_is_author`, conflict `prompts.transition_refused`
 */
export function approveVersion(
  version: PromptVersionRow,
  approver: { readonly name: string; readonly person: string },
  now: Date,
): PromptVersionRow {
  mustMove(version, "approved");
  if (version.createdBy === approver.name || version.authorId === approver.person) {
    throw problem(
      "forbidden",
      "prompts.approver_is_author",
      "Whoever wrote a version can't approve it; ask somebody else.",
    );
  }
  return { ...version, status: "approved", approvedBy: approver.name, approvedAt: now };
}

/** A version that is not to be used any more. @throws conflict `prompts.transition_refused` */
export function deprecateVersion(version: PromptVersionRow, now: Date): PromptVersionRow {
  mustMove(version, "deprecated");
  return { ...version, status: "deprecated", deprecatedAt: now };
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
