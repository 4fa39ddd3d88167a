import { type FieldProblem, problem } from "../../kernel/problem.ts";
import type { Profile, Provider, PutProfile } from "./schemas.ts";

interface Needs {
  readonly baseUrl: "required" | "optional" | "refused";
  readonly secretName: "required" | "optional" | "refused";
}

/** What each provider wants; one without a public home must name its base URL. */
const needs: Readonly<Record<Provider, Needs>> = {
  openai: { baseUrl: "optional", secretName: "required" },
  anthropic: { baseUrl: "optional", secretName: "required" },
  "azure-openai": { baseUrl: "required", secretName: "required" },
  ollama: { baseUrl: "required", secretName: "optional" },
  vllm: { baseUrl: "required", secretName: "optional" },
  "openai-compatible": { baseUrl: "required", secretName: "optional" },
  "workers-ai": { baseUrl: "refused", secretName: "refused" },
};

/**
 * Checks that a profile's fields go together: what the provider needs is there, what it can't have isn't.
 * @throws invalid_input `profiles.fields_differ` with a pointer for each
 */
export function checkProfile(profile: PutProfile): void {
  const { provider } = profile;
  const errors: FieldProblem[] = [];
  const refuse = (field: string, code: string, message: string) =>
    errors.push({ pointer: `/${field}`, code, message });
  for (const field of ["baseUrl", "secretName"] as const) {
    const need = needs[provider][field];
    if (need === "required" && profile[field] === null) refuse(field, "required", `${provider} needs it.`);
    if (need === "refused" && profile[field] !== null) refuse(field, "not_used", `${provider} has none.`);
  }
  const azure = provider === "azure-openai";
  for (const field of ["deployment", "embeddingDeployment"] as const) {
    if (!azure && profile[field] !== null) refuse(field, "not_used", "Only azure-openai has deployments.");
  }
  if (!azure && provider !== "anthropic" && profile.apiVersion !== null) {
    refuse("apiVersion", "not_used", `${provider} has no version to ask for.`);
  }
  if (provider === "anthropic" && profile.embeddingModel !== null) {
    refuse("embeddingModel", "not_used", "anthropic has no embeddings.");
  }
  const days = new Set<string>();
  for (const [index, { model, from }] of profile.prices.entries()) {
    const key = JSON.stringify([model, from]);
    if (days.has(key)) refuse(`prices/${index}`, "duplicate", `"${model}" has a price from ${from} already.`);
    days.add(key);
  }
  if (errors.length === 0) return;
  throw problem("invalid_input", "profiles.fields_differ", "The fields of the profile don't go together.", {
    errors,
  });
}

/** The prices of a profile in the words of a price table. */
export function pricesOf(profile: Pick<Profile, "provider" | "prices">) {
  return profile.prices.map((price) => ({ provider: profile.provider, ...price }));
}

/** What the provider's adapter needs of a profile: only the fields that are set. */
export function linkOf(profile: Profile) {
  const {
    provider,
    model,
    baseUrl,
    embeddingModel,
    deployment,
    embeddingDeployment,
    apiVersion,
    secretName,
  } = profile;
  return {
    provider,
    model,
    ...(baseUrl === null ? {} : { baseUrl }),
    ...(embeddingModel === null ? {} : { embeddingModel }),
    ...(deployment === null ? {} : { deployment }),
    ...(embeddingDeployment === null ? {} : { embeddingDeployment }),
    ...(apiVersion === null ? {} : { apiVersion }),
    ...(secretName === null ? {} : { secretName }),
    ...(Object.keys(profile.quirks).length === 0 ? {} : { quirks: profile.quirks }),
  };
}
