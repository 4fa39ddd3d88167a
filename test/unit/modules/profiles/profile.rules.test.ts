import { describe, expect, it } from "vitest";
import { AppError } from "../../../../src/kernel/problem.ts";
import { checkProfile, linkOf, pricesOf } from "../../../../src/modules/profiles/profile.rules.ts";
import { Profile, Provider, PutProfile } from "../../../../src/modules/profiles/schemas.ts";
import { LlmProfile } from "../../../../src/platform/llm/create-llm.ts";

const put = (fields: object) => PutProfile.parse({ name: "p", model: "m", ...fields });
const stored = (fields: object) =>
  Profile.parse({
    ...put(fields),
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    updatedBy: "user:a",
    version: 1,
  });

function fieldsRefused(fields: object): string[] {
  try {
    checkProfile(put(fields));
  } catch (error) {
    if (error instanceof AppError)
      return (error.failure.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
  return [];
}

const baseUrl = "https://models.example.com";
const secretName = "key";

describe("checkProfile", () => {
  it("takes what each provider needs", () => {
    for (const fields of [
      { provider: "openai", secretName },
      { provider: "openai", secretName, baseUrl },
      { provider: "anthropic", secretName, apiVersion: "2023-06-01" },
      {
        provider: "azure-openai",
        secretName,
        baseUrl,
        deployment: "d",
        embeddingDeployment: "e",
        apiVersion: "2024-10-21",
      },
      { provider: "ollama", baseUrl },
      { provider: "vllm", baseUrl, secretName, embeddingModel: "e" },
      { provider: "openai-compatible", baseUrl },
      { provider: "workers-ai", embeddingModel: "@cf/e" },
    ]) {
      expect(fieldsRefused(fields), fields.provider).toEqual([]);
    }
  });

  it("points at what is missing and at what the provider can't have", () => {
    expect(fieldsRefused({ provider: "openai" })).toEqual(["/secretName required"]);
    expect(fieldsRefused({ provider: "azure-openai" })).toEqual([
      "/baseUrl required",
      "/secretName required",
    ]);
    expect(fieldsRefused({ provider: "ollama" })).toEqual(["/baseUrl required"]);
    expect(fieldsRefused({ provider: "workers-ai", baseUrl, secretName })).toEqual([
      "/baseUrl not_used",
      "/secretName not_used",
    ]);
    expect(fieldsRefused({ provider: "openai", secretName, deployment: "d", apiVersion: "1" })).toEqual([
      "/deployment not_used",
      "/apiVersion not_used",
    ]);
    expect(fieldsRefused({ provider: "anthropic", secretName, embeddingModel: "e" })).toEqual([
      "/embeddingModel not_used",
    ]);
  });

  it("refuses two prices of one model from one day", () => {
    const price = { model: "m", inputMicrosPerMillion: 1, outputMicrosPerMillion: 1 };
    const prices = [price, { ...price, from: "2026-01-01" }, { ...price, inputMicrosPerMillion: 2 }];
    expect(fieldsRefused({ provider: "openai", secretName, prices })).toEqual(["/prices/2 duplicate"]);
  });
});

describe("linkOf", () => {
  it("gives what the adapters take, for every provider", () => {
    expect(Provider.options).toEqual(LlmProfile.shape.provider.options);
    for (const provider of Provider.options) {
      expect(LlmProfile.parse(linkOf(stored({ provider })))).toEqual({ provider, model: "m" });
    }
    const full = {
      provider: "azure-openai",
      baseUrl,
      secretName,
      embeddingModel: "e",
      deployment: "d",
      embeddingDeployment: "ed",
      apiVersion: "v",
      quirks: { maxTokensField: "max_tokens" },
    };
    expect(LlmProfile.parse(linkOf(stored(full)))).toEqual({ model: "m", ...full });
  });
});

describe("pricesOf", () => {
  it("names the provider in each price", () => {
    const prices = [{ model: "m", from: "2026-01-01", inputMicrosPerMillion: 1, outputMicrosPerMillion: 2 }];
    expect(pricesOf(stored({ provider: "vllm", prices }))).toEqual([{ provider: "vllm", ...prices[0] }]);
  });
});

describe("the fields of a profile", () => {
  it("refuses names, numbers and fields that can't be", () => {
    for (const fields of [
      { provider: "azure" },
      { provider: "openai", name: "A" },
      { provider: "openai", name: "a b" },
      { provider: "openai", params: { temperature: 3 } },
      { provider: "openai", params: { top_k: 3 } },
      { provider: "openai", limits: { requestsPerMinute: 0 } },
      { provider: "openai", apiKey: "sk-1" },
    ]) {
      expect(PutProfile.safeParse({ name: "p", model: "m", ...fields }).success, JSON.stringify(fields)).toBe(
        false,
      );
    }
  });
});
