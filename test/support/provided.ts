import type {} from "vitest";

/** What the global set-up gives to tests inside workerd. */
declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
    d1Migrations: { name: string; queries: string[] }[];
    /** Receivers of HTTP calls: `newReceiver` makes one. */
    receiverUrl: string;
    /** The scripted model server: its OpenAI-compatible API, where it is steered, and the key that it takes. */
    scriptedLlm: { readonly baseUrl: string; readonly controlUrl: string; readonly key: string };
    /** The simulated Harvester cluster that all tests of a run share, its time twenty times as fast, and its administrator's token. */
    cluster: { readonly url: string; readonly token: string };
  }
}
