import { NamedPolicy } from "../../../../contracts/on-call.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { checkNames } from "../entries/check-names.ts";
import { saveEntry } from "../entries/save-entry.ts";
import { savedOf } from "../entries/schemas.ts";
import { namesInPolicy, SavedPolicy } from "./schemas.ts";

export const createPolicy = defineOperation({
  action: "alerts.escalation_policy.create",
  effect: "write",
  scope: "alerts:write",
  summary: "Write down an escalation policy: whom to tell, how long to wait, and whom to tell then",
  input: NamedPolicy,
  output: SavedPolicy,
  raises: ["limit_reached"],
  version: ({ version }) => version,
  async run(ctx, draft) {
    await checkNames(ctx, namesInPolicy(draft));
    return savedOf(await saveEntry(ctx, "policy", ctx.newId("esp"), draft, null));
  },
});
