import type { Ctx } from "../../../kernel/context.ts";
import { type FieldProblem, problem } from "../../../kernel/problem.ts";
import { findUserIds } from "../../access/index.ts";
import { findChannelIds } from "../../channels/index.ts";

/** Something that a field names. */
export interface NamedAt {
  readonly kind: "user" | "channel";
  readonly id: string;
  readonly pointer: string;
}

/**
 * Refuses users and channels that the tenant doesn't have, pointing at each.
 * @throws invalid_input `alerts.unknown_name`
 */
export async function checkNames(ctx: Ctx, names: readonly NamedAt[]): Promise<void> {
  const idsOf = (kind: NamedAt["kind"]) => [
    ...new Set(names.filter((name) => name.kind === kind).map(({ id }) => id)),
  ];
  const [users, channels] = await Promise.all([
    findUserIds(ctx.db, ctx.tenantId, idsOf("user")),
    findChannelIds(ctx.db, ctx.tenantId, idsOf("channel")),
  ]);
  const known = { user: new Set(users), channel: new Set(channels) };
  const errors = names.flatMap(({ kind, id, pointer }): FieldProblem[] =>
    known[kind].has(id) ? [] : [{ pointer, code: `unknown_${kind}`, message: `There is no ${kind} ${id}.` }],
  );
  if (errors.length > 0)
    throw problem("invalid_input", "alerts.unknown_name", errors[0]?.message ?? "", { errors });
}
