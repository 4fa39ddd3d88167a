import { describe, expect, it } from "vitest";
import { multipart } from "../../../../../src/modules/harvester/images/multipart.ts";
import { kubeProblem } from "../../../../../src/modules/harvester/kube/kube-problem.rules.ts";
import { listCursor, listPlaceOf } from "../../../../../src/modules/harvester/kube/list-cursor.rules.ts";
import { bytesOf, quantityOf } from "../../../../../src/modules/harvester/kube/quantity.rules.ts";
import * as words from "../../../../../src/modules/harvester/words.ts";

const asked = { method: "PUT", path: "/x", commandId: "cmd_1" };

describe("a quantity", () => {
  it.each([
    ["20Gi", 20 * 2 ** 30],
    ["500M", 500e6],
    ["1.5Ti", 1.5 * 2 ** 40],
    ["500m", 0.5],
    ["1e3", 1000],
    ["1073741824", 2 ** 30],
    [7, 7],
  ])("%s is %d", (text, value) => expect(quantityOf(text)).toBe(value));

  it("is none when it is something else", () => {
    for (const text of ["", "Gi", "1 Gi", "ten", null, undefined, Number.NaN, {}])
      expect(quantityOf(text)).toBeNull();
    expect(bytesOf("0.5")).toBe(1);
  });
});

describe("words of requests", () => {
  it.each([
    [words.LabelName, ["a", "a-1", "a".repeat(63)], ["", "A", "-a", "a-", "a.b", "a".repeat(64)]],
    [words.ObjectName, ["a.b-c", "1"], ["a..b", ".a", "a_b", "a/b"]],
    [words.NamespacedName, ["default/image-jammy"], ["image", "a/b/c", "/a", "a/"]],
    [words.ByteQuantity, ["1Gi", "500M", "1"], ["0", "0Gi", "-1Gi", "1GB", "1 Gi", "Gi", "1e3"]],
    [words.CpuQuantity, ["4", "0.5", "500m"], ["0", "0m", "-1", "1.5m", "four"]],
    [words.Cidr, ["10.0.0.0/24", "0.0.0.0/0"], ["10.0.0.0", "10.0.0.0/33", "256.0.0.0/8", "10.0.0/8"]],
    [words.MacAddress, ["52:54:00:12:34:56"], ["53:54:00:12:34:56", "52-54-00-12-34-56", "52:54:00:12:34"]],
    [words.HttpUrl, ["https://example.org/x"], ["ftp://example.org", "https://a:b@example.org", "x"]],
    [words.LabelSelector, ["app=web,tier!=db", "env in (a, b)", "!x", "x"], ["=a", "a=b;c", "a in b", "a b"]],
  ])("are taken or refused", (word, good, bad) => {
    for (const text of good) expect([text, word.safeParse(text).success]).toEqual([text, true]);
    for (const text of bad) expect([text, word.safeParse(text).success]).toEqual([text, false]);
  });
});

describe("a cursor", () => {
  it("leads back to its place, in its own list only", () => {
    const place = { namespace: "ml-team", token: "eyJ…한" };
    const cursor = listCursor("volumes", place);
    expect(listPlaceOf("volumes", cursor)).toEqual(place);
    expect(listPlaceOf("volumes", undefined)).toBeUndefined();
    for (const wrong of [cursor.slice(1), "%", btoa("[]"), ""])
      expect(() => listPlaceOf("volumes", wrong)).toThrow("page.cursor");
    expect(() => listPlaceOf("images", cursor)).toThrow("page.cursor");
  });
});

describe("a refusal of the cluster", () => {
  it("by a webhook is a conflict in the webhook's own words", () => {
    const message = 'admission webhook "v.example" denied the request: it is used';
    expect(kubeProblem(500, { message, reason: "InternalError" }, asked).failure).toMatchObject({
      kind: "conflict",
      code: "harvester.denied",
      detail: "it is used",
    });
    expect(kubeProblem(500, { message: "boom" }, asked).failure.code).toBe("harvester.cluster_failed");
  });

  it("by Prometheus or Steve says what they say", () => {
    const prometheus = { status: "error", errorType: "bad_data", error: "parse error" };
    expect(kubeProblem(400, prometheus, asked).failure).toMatchObject({
      detail: "parse error",
      data: { reason: "bad_data" },
    });
    const steve = {
      type: "error",
      code: "InvalidBodyContent",
      message: "InvalidBodyContent 422: name is missing",
    };
    expect(kubeProblem(422, steve, asked).failure.detail).toBe("name is missing");
  });
});

describe("a form of one file", () => {
  const part = { field: "chunk", fileName: "a.img", boundary: "b" };
  const send = (content: string, size: number) => {
    const file = new Blob([content]).stream() as ReadableStream<Uint8Array>;
    return new Response(multipart(file, { ...part, size }).stream).text();
  };

  it("has the file between its boundaries", async () => {
    expect(await send("hello", 5)).toBe(
      '--b\r\nContent-Disposition: form-data; name="chunk"; filename="a.img"\r\nContent-Type: application/octet-stream\r\n\r\nhello\r\n--b--\r\n',
    );
  });

  it("fails when the file is longer or shorter than was said", async () => {
    await expect(send("hello", 4)).rejects.toThrow("size_mismatch");
    await expect(send("hello", 6)).rejects.toThrow("size_mismatch");
  });
});
