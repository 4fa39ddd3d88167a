import * as z from "zod";
import { PageQuery, pageOf } from "../../kernel/page.ts";
import { RegistryName } from "../../kernel/registry-name.ts";

export const PromptId = z.string().min(1).max(64);
export const PromptVersionNumber = z.coerce.number().int().min(1).max(999_999_999);
export const PromptStatus = z.enum(["draft", "approved", "deprecated"]);
export type PromptStatus = z.infer<typeof PromptStatus>;

export const Prompt = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    projectId: z.string().nullable(),
    latestVersion: z.int(),
    /** The highest version that is approved now. */
    approvedVersion: z.int().nullable(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int(),
  })
  .meta({ id: "Prompt" });
export type Prompt = z.infer<typeof Prompt>;

export const PromptVersion = z
  .strictObject({
    promptId: z.string(),
    version: z.int(),
    content: z.string(),
    variables: z.array(z.string()),
    checksum: z.string(),
    status: PromptStatus,
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    approvedBy: z.string().nullable(),
    approvedAt: z.iso.datetime().nullable(),
    deprecatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "PromptVersion" });
export type PromptVersion = z.infer<typeof PromptVersion>;

/** A prompt just made, with its first version. */
export const CreatedPrompt = Prompt.extend({ current: PromptVersion }).meta({ id: "CreatedPrompt" });

/** The text of a version. `variables`, when given, must be exactly the `{{names}}` that the text uses. */
const text = {
  content: z.string().min(1).max(100_000),
  variables: z.array(z.string().min(1).max(64)).max(200).optional(),
};

export const CreatePrompt = z.strictObject({
  name: RegistryName,
  description: z.string().max(2000).default(""),
  projectId: z.string().min(1).max(64).optional(),
  ...text,
});

export const AddPromptVersion = z.strictObject({ id: PromptId, ...text });
export const PromptRef = z.strictObject({ id: PromptId });
export const PromptVersionRef = z.strictObject({ id: PromptId, version: PromptVersionNumber });

export const ListPrompts = PageQuery.extend({
  projectId: z.string().min(1).max(64).optional(),
  name: z.string().min(1).max(120).optional(),
});
export const ListPromptVersions = PageQuery.extend({ id: PromptId, status: PromptStatus.optional() });
export const PromptPage = pageOf(Prompt).meta({ id: "PromptPage" });
export const PromptVersionPage = pageOf(PromptVersion).meta({ id: "PromptVersionPage" });

export const RenderPrompt = z.strictObject({
  id: PromptId,
  version: PromptVersionNumber,
  variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});
export const RenderedPrompt = z
  .strictObject({ promptId: z.string(), version: z.int(), checksum: z.string(), text: z.string() })
  .meta({ id: "RenderedPrompt" });
