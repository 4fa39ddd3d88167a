import type { Ctx } from "../../../kernel/context.ts";
import { problem } from "../../../kernel/problem.ts";
import { readSecret } from "../../secrets/index.ts";
import { ruleOf } from "./setting.rules.ts";

interface Asked {
  readonly name: string;
  readonly value?: string | undefined;
  readonly secretName?: string | undefined;
}

/**
 * The value that was given, or that the named secret holds; settings with credentials take it from a secret only.
 * @throws invalid_input `harvester.setting_invalid`
 */
export async function givenValue(ctx: Ctx, { name, value, secretName }: Asked): Promise<string> {
  const wrong = (pointer: string, message: string) =>
    problem("invalid_input", "harvester.setting_invalid", message, {
      errors: [{ pointer, code: "value", message }],
    });
  if (secretName !== undefined) {
    if (value !== undefined) throw wrong("/value", "Give a value or the name of a secret, not both.");
    return readSecret(ctx, secretName);
  }
  if (value === undefined) throw wrong("/value", "Give a value or the name of a secret.");
  if (ruleOf(name).secret === true)
    throw wrong("/secretName", `${name} holds credentials: keep its value in a secret and name that.`);
  return value;
}
