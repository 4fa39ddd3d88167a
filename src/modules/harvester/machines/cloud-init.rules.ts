import { problem } from "../../../kernel/problem.ts";

/**
 * User data that lets these keys in: they join the list `ssh_authorized_keys` of a cloud-config, or begin one.
 * @throws invalid_input when the user data is of a kind that takes no keys, such as a script
 */
export function withKeys(userData: string | undefined, publicKeys: readonly string[]): string | undefined {
  if (publicKeys.length === 0) return userData;
  const lines = publicKeys.map((key) => `  - ${JSON.stringify(key.trim())}`);
  if (userData === undefined) return ["#cloud-config", "ssh_authorized_keys:", ...lines, ""].join("\n");
  const given = userData.split(/\r?\n/);
  const flow = given.some((line) => /^ssh_authorized_keys\s*:\s*\[/.test(line));
  if (!/^#cloud-config\s*$/.test(given[0] ?? "") || flow) throw keysRefused();
  const place = given.findIndex((line) => /^ssh_authorized_keys\s*:\s*(?:#.*)?$/.test(line));
  if (place < 0) return [...trimmedEnd(given), "ssh_authorized_keys:", ...lines, ""].join("\n");
  const indent = /^(\s*)- /.exec(given[place + 1] ?? "")?.[1] ?? "  ";
  const own = lines.map((line) => indent + line.trimStart());
  return [...given.slice(0, place + 1), ...own, ...given.slice(place + 1)].join("\n");
}

function trimmedEnd(lines: readonly string[]): string[] {
  const end = lines.findLastIndex((line) => line.trim() !== "");
  return lines.slice(0, end + 1);
}

function keysRefused() {
  const message =
    "Keys can be added to a #cloud-config whose ssh_authorized_keys is absent or a list of lines. Put them into the user data yourself.";
  return problem("invalid_input", "harvester.keys_need_cloud_config", message, {
    errors: [{ pointer: "/sshKeys", code: "no_cloud_config", message }],
  });
}
