import type {} from "vitest";

/** What the global set-up gives to tests inside workerd. */
declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
    d1Migrations: { name: string; queries: string[] }[];
  }
}
