import * as z from "zod";
import { PageQuery, pageOf } from "../../kernel/page.ts";

export const Provider = z.enum([
  "openai",
  "azure-openai",
  "ollama",
  "vllm",
  "openai-compatible",
  "anthropic",
  "workers-ai",
]);
export type Provider = z.infer<typeof Provider>;

/** The name of a profile: what a run and the command line call it by. */
export const ProfileName = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, "Lower-case letters and digits; then . _ - may follow.");

const label = z.string().min(1).max(200);
const count = z.int().min(1).max(1_000_000_000);

export const ProfileParams = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: z.int().min(1).max(1_000_000).optional(),
  seed: z.int().optional(),
});
export type ProfileParams = z.infer<typeof ProfileParams>;

/** What the provider allows; a limit that is absent is not enforced. */
export const ProfileLimits = z.strictObject({
  requestsPerMinute: count.optional(),
  tokensPerMinute: count.optional(),
  maxConcurrent: z.int().min(1).max(10_000).optional(),
});
export type ProfileLimits = z.infer<typeof ProfileLimits>;

/** A price that replaces or adds to the list price of a model, from a day (UTC) on; micros per million tokens. */
export const ProfilePrice = z.strictObject({
  model: label,
  from: z.iso.date().default("1970-01-01"),
  inputMicrosPerMillion: z.int().nonnegative(),
  outputMicrosPerMillion: z.int().nonnegative(),
});
export type ProfilePrice = z.infer<typeof ProfilePrice>;

/** Where a server departs from its provider's usual ways. */
export const ProfileQuirks = z.strictObject({
  maxTokensField: z.enum(["max_tokens", "max_completion_tokens"]).optional(),
  structuredOutput: z.enum(["json_schema", "json_object", "none", "output_format", "tool"]).optional(),
});
export type ProfileQuirks = z.infer<typeof ProfileQuirks>;

const fields = {
  description: z.string().max(2000).default(""),
  provider: Provider,
  baseUrl: z.string().min(1).max(2000).nullable().default(null),
  model: label,
  embeddingModel: label.nullable().default(null),
  deployment: label.nullable().default(null),
  embeddingDeployment: label.nullable().default(null),
  apiVersion: label.nullable().default(null),
  /** The tenant's secret that holds the provider's key; the key itself never stands in a profile. */
  secretName: z.string().min(1).max(128).nullable().default(null),
  params: ProfileParams.prefault({}),
  limits: ProfileLimits.prefault({}),
  prices: z.array(ProfilePrice).max(50).default([]),
  quirks: ProfileQuirks.prefault({}),
};

export const PutProfile = z.strictObject({ name: ProfileName, ...fields });
export type PutProfile = z.infer<typeof PutProfile>;

export const Profile = z
  .strictObject({
    name: z.string(),
    ...fields,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    updatedBy: z.string(),
    version: z.int(),
  })
  .meta({ id: "Profile" });
export type Profile = z.infer<typeof Profile>;

export const ProfileRef = z.strictObject({ name: z.string().min(1).max(64) });
export const ListProfiles = PageQuery;
export const ProfilePage = pageOf(Profile).meta({ id: "ProfilePage" });
