import type { CaseContext, CaseMessage, ToolCall } from "../../../../contracts/evaluation-case.ts";

/** A case as a format reads it, before it has its id, its hash and its normal form. */
export interface CaseDraft {
  id?: string | undefined;
  input?: string | CaseMessage[] | undefined;
  output?: string | undefined;
  reference?: string | undefined;
  contexts: CaseContext[];
  referenceContexts: CaseContext[];
  toolCalls?: ToolCall[] | undefined;
  referenceToolCalls?: ToolCall[] | undefined;
  rubric?: Record<string, string> | undefined;
  tags: string[];
  metadata: Record<string, unknown>;
}

export function emptyDraft(): CaseDraft {
  return { contexts: [], referenceContexts: [], tags: [], metadata: {} };
}
