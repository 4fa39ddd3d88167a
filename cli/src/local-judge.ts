import type { LocalJudge } from "../../src/local.ts";
import type { Environment } from "./cli.ts";
import { usageError } from "./failure.ts";

const linkFields = [
  "provider",
  "model",
  "baseUrl",
  "embeddingModel",
  "deployment",
  "embeddingDeployment",
  "apiVersion",
  "quirks",
] as const;

/**
 * The judge of a model profile as `maru profiles get --json` prints it. The provider's key comes from
 * MARU_PROVIDER_KEY. Whoever runs this owns the machine, so the profile's host may be any, by plain HTTP too.
 */
export function localJudge(profile: Readonly<Record<string, unknown>>, env: Environment): LocalJudge {
  const given = linkFields.map((field) => [field, profile[field]] as const);
  const link = Object.fromEntries(given.filter(([, value]) => value !== null && value !== undefined));
  if (typeof link.provider !== "string" || typeof link.model !== "string") {
    throw usageError(
      "The profile file needs at least a provider and a model.",
      "프로필 파일에는 provider와 model이 있어야 합니다.",
    );
  }
  const secret = env.MARU_PROVIDER_KEY;
  const { params, baseUrl } = profile;
  const host =
    typeof baseUrl === "string" && URL.canParse(baseUrl) ? new URL(baseUrl).host : "localhost:11434";
  return {
    link: link as unknown as LocalJudge["link"],
    allowedHosts: [host],
    ...(secret ? { secret } : {}),
    ...(typeof params === "object" && params !== null ? { params } : {}),
  };
}
