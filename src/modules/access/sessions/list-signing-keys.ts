import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { SigningKeys } from "./schemas.ts";

export const listSigningKeys = defineOperation({
  action: "access.signing_key.list",
  effect: "read",
  scope: "public",
  summary: "The public keys that verify access tokens (RFC 7517)",
  input: z.strictObject({}),
  output: SigningKeys,
  raises: [],
  async run(ctx) {
    return { keys: (await ctx.ports.tokens.publicKeys()).map((key) => ({ ...key })) };
  },
});
