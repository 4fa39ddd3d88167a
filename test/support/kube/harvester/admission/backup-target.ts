import type { World } from "../../words.ts";
import { type Fields, isFields, textAt } from "../machines/fields.ts";
import { find } from "./look.ts";

/** What the setting says; `unset` when it names no target. @throws Error when it is no JSON object */
export function targetOf(value: string | undefined): Fields | "unset" {
  if (value === undefined || value === "") return "unset";
  const parsed: unknown = JSON.parse(value);
  if (!isFields(parsed)) throw new Error(`unmarshal failed, value: ${value}`);
  const filled = Object.values(parsed).some((one) => one !== "" && one !== false && one !== 0);
  return filled ? parsed : "unset";
}

/** The target that backups go to now. */
export function currentTarget(world: World): Fields | "unset" {
  return targetOf(textAt(find(world, "settings", undefined, "backup-target"), "value"));
}

/** Why a target cannot be reached: one whose endpoint is under `.invalid` is nobody's. */
export function unreachable(target: Fields): string | undefined {
  const endpoint = textAt(target, "endpoint") ?? "";
  const host = /^(?:[a-z0-9]+:\/\/)?(?<host>[^/:]+)/.exec(endpoint)?.groups?.["host"] ?? "";
  return /(^|\.)invalid$/.test(host) ? `dial tcp: lookup ${host}: no such host` : undefined;
}
