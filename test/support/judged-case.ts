import type { EvaluationCase } from "../../contracts/evaluation-case.ts";

type Parts = Partial<Omit<EvaluationCase, "contexts" | "referenceContexts" | "output" | "reference">> & {
  /** `null` leaves the part out. */
  readonly output?: string | null;
  readonly reference?: string | null;
  readonly contexts?: readonly string[];
  readonly referenceContexts?: readonly string[];
};

/** A case with every part that a judged metric may read; name the parts that matter. */
export function judgedCase(parts: Parts = {}): EvaluationCase {
  const { output = "It is 88 metres tall.", reference = "The tower is 88 metres tall.", ...rest } = parts;
  return {
    caseId: "case-1",
    input: "How tall is the tower?",
    tags: [],
    metadata: {},
    source: { format: "test", line: 1, rawHash: "0" },
    ...rest,
    ...(output === null ? {} : { output }),
    ...(reference === null ? {} : { reference }),
    contexts: (parts.contexts ?? ["The tower stands 88 metres tall."]).map((text) => ({ text })),
    referenceContexts: (parts.referenceContexts ?? []).map((text) => ({ text })),
  };
}
