import { NamedPolicy } from "../../../../contracts/on-call.ts";
import type { NamedAt } from "../entries/check-names.ts";
import { entryFields } from "../entries/schemas.ts";

export const SavedPolicy = NamedPolicy.safeExtend(entryFields).meta({ id: "SavedEscalationPolicy" });

/** The users and channels that a policy names. */
export function namesInPolicy({ steps }: Pick<NamedPolicy, "steps">): NamedAt[] {
  return steps.flatMap(({ targets }, step) =>
    targets.flatMap(({ kind, id }, index): NamedAt[] =>
      kind === "user" || kind === "channel"
        ? [{ kind, id, pointer: `/steps/${step}/targets/${index}/id` }]
        : [],
    ),
  );
}
