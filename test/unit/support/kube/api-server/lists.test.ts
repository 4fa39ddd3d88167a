import { afterEach, describe, expect, it } from "vitest";
import { type Api, at, configMap, MAPS, namesIn, startApi, textAt } from "./start-api.ts";

let api: Api;
afterEach(() => api.sim.stop());

async function withMaps(count: number, options = {}): Promise<void> {
  api = await startApi(options);
  for (let index = 0; index < count; index += 1) await api.ask("POST", MAPS, configMap(`m${index}`));
}

const page = (token: string, limit = 2) => `${MAPS}?limit=${limit}&continue=${encodeURIComponent(token)}`;

describe("a list", () => {
  it("is given in pages that all show the revision of the first", async () => {
    await withMaps(5);
    const first = await api.ask("GET", `${MAPS}?limit=2`);
    expect(namesIn(first.body)).toEqual(["m0", "m1"]);
    expect(first.body).toMatchObject({ kind: "ConfigMapList", metadata: { remainingItemCount: 3 } });
    await api.ask("DELETE", `${MAPS}/m2`);
    await api.ask("POST", MAPS, configMap("m25"));
    await api.ask("PUT", `${MAPS}/m3`, configMap("m3", { changed: "yes" }));
    const second = await api.ask("GET", page(textAt(first.body, "metadata/continue")));
    expect(namesIn(second.body)).toEqual(["m2", "m3"]);
    expect(at(second.body, "items/1/data")).toEqual({});
    expect(at(second.body, "metadata/resourceVersion")).toBe(at(first.body, "metadata/resourceVersion"));
    const third = await api.ask("GET", page(textAt(second.body, "metadata/continue")));
    expect(namesIn(third.body)).toEqual(["m4"]);
    expect(third.body).not.toHaveProperty("metadata.continue");
  });

  it("refuses a page whose revision is forgotten, with a token to go on from now", async () => {
    await withMaps(4, { historyLength: 3 });
    const first = await api.ask("GET", `${MAPS}?limit=2`);
    for (const round of [1, 2, 3, 4])
      await api.ask("PUT", `${MAPS}/m3`, configMap("m3", { round: `${round}` }));
    const refused = await api.ask("GET", page(textAt(first.body, "metadata/continue")));
    expect(refused).toMatchObject({ status: 410, body: { reason: "Expired", code: 410 } });
    expect(textAt(refused.body, "message")).toMatch(/^The provided continue parameter is too old/);
    const rest = await api.ask("GET", page(textAt(refused.body, "metadata/continue")));
    expect(namesIn(rest.body)).toEqual(["m2", "m3"]);
    expect(at(rest.body, "items/1/data")).toEqual({ round: "4" });
  });

  it("shows an exact revision, or one not older, and none that is yet to come", async () => {
    await withMaps(2);
    const { body } = await api.ask("GET", MAPS);
    const then = textAt(body, "metadata/resourceVersion");
    await api.ask("POST", MAPS, configMap("m9"));
    const asked = async (query: string) => (await api.ask("GET", `${MAPS}?${query}`)).body;
    expect(namesIn(await asked(`resourceVersion=${then}&resourceVersionMatch=Exact`))).toEqual(["m0", "m1"]);
    expect(namesIn(await asked(`resourceVersion=${then}&resourceVersionMatch=NotOlderThan`))).toHaveLength(3);
    expect(namesIn(await asked("resourceVersion=0&limit=1"))).toHaveLength(3);
    const future = await api.ask("GET", `${MAPS}?resourceVersion=99999`);
    expect(future).toMatchObject({
      status: 504,
      body: { reason: "Timeout", details: { causes: [{ reason: "ResourceVersionTooLarge" }] } },
    });
    expect(future.headers.get("retry-after")).toBe("1");
    expect(await asked("resourceVersion=abc")).toMatchObject({ code: 400 });
    expect(await asked("continue=abc")).toMatchObject({ code: 400 });
  });

  it("comes as a table or as metadata alone to those who ask", async () => {
    await withMaps(1);
    const table = await api.ask("GET", MAPS, undefined, {
      accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
    });
    expect(table.body).toMatchObject({
      kind: "Table",
      columnDefinitions: [{ name: "Name" }, { name: "Age" }],
      rows: [{ cells: ["m0", "0s"], object: { kind: "PartialObjectMetadata", metadata: { name: "m0" } } }],
    });
    const metadata = await api.ask("GET", MAPS, undefined, {
      accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
    });
    expect(metadata.body).toMatchObject({ kind: "PartialObjectMetadataList" });
    expect(at(metadata.body, "items/0")).not.toHaveProperty("data");
  });
});
