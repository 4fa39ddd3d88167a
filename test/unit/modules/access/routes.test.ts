import { expect, it } from "vitest";
import { openApiDocument } from "../../../../src/http/openapi.ts";
import { accessRoutes } from "../../../../src/modules/access/routes.ts";
import { secretRoutes } from "../../../../src/modules/secrets/routes.ts";

const routes = [...accessRoutes, ...secretRoutes];
const document = openApiDocument(routes, { title: "t", version: "1", description: "d" });

it("describes every operation once, with its models by name", () => {
  const ids = routes.map(({ operation }) => operation.action);
  expect(new Set(ids).size).toBe(ids.length);
  const models = Object.keys(document.components.schemas);
  for (const name of [
    "Tenant",
    "Project",
    "User",
    "ApiKey",
    "NewApiKey",
    "Me",
    "Tokens",
    "SigningKeys",
    "Secret",
  ]) {
    expect(models).toContain(name);
  }
});

it("has no field for a password, a hash or a sealed value in any answer", () => {
  expect(Object.keys(document.components.schemas)).not.toHaveLength(0);
  expect(JSON.stringify(document.components.schemas)).not.toMatch(/password|hash|sealed|"value"/i);
});
