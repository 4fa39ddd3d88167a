import { describe, expect, it } from "vitest";
import {
  contentModeOf,
  readCloudEvents,
} from "../../../../../src/modules/sources/receiving/cloud-events.rules.ts";
import type { HttpMessage } from "../../../../../src/modules/sources/receiving/event-draft.ts";
import {
  decodeHeaderValue,
  encodeHeaderValue,
} from "../../../../../src/modules/sources/receiving/percent.rules.ts";

const json = "application/json";
function message(headers: Record<string, string>, body: unknown = ""): HttpMessage {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { headers: new Map(Object.entries(headers)), body: Uint8Array.from(new TextEncoder().encode(text)) };
}
const binary = (more: Record<string, string> = {}, body: unknown = "") =>
  message({ "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t", ...more }, body);
const event = (more: object = {}) => ({ specversion: "1.0", id: "1", source: "/s", type: "t", ...more });
const structured = (body: unknown) =>
  message({ "content-type": "application/cloudevents+json; charset=utf-8" }, body);
const one = (given: HttpMessage) => readCloudEvents(given)[0];
function faults(given: HttpMessage): string[] {
  const read = one(given);
  return read && "errors" in read ? read.errors.map(({ pointer, code }) => `${pointer} ${code}`) : [];
}
const draftOf = (given: HttpMessage) => {
  const read = one(given);
  if (!read || !("draft" in read)) throw new Error(JSON.stringify(read));
  return read.draft;
};

describe("the content mode", () => {
  it.each([
    ["application/cloudevents-batch+json", "batch"],
    ["Application/CloudEvents+JSON; charset=utf-8", "structured"],
    ["application/json", "binary"],
  ])("of %s is %s, whatever else the headers say", (type, mode) => {
    expect(
      contentModeOf(
        new Map([
          ["content-type", type],
          ["ce-specversion", "1.0"],
        ]),
      ),
    ).toBe(mode);
  });
  it("is none without an event type or ce-specversion", () => {
    expect(contentModeOf(new Map([["content-type", json]]))).toBeUndefined();
  });
});

describe("binary mode", () => {
  it("reads attributes, extensions and JSON data", () => {
    const given = binary(
      {
        "content-type": json,
        "ce-time": "2026-01-02T03:04:05.678+09:00",
        "ce-subject": "a%20%E2%82%AC%20b",
        "ce-region": "kr",
      },
      { cpu: 91 },
    );
    expect(draftOf(given)).toEqual({
      id: "1",
      source: "/s",
      type: "t",
      time: Date.UTC(2026, 0, 1, 18, 4, 5, 678),
      subject: "a € b",
      datacontenttype: json,
      extensions: { region: "kr" },
      data: { cpu: 91 },
    });
  });
  it("refuses ce-datacontenttype, what the gate sets, and headers that don't decode", () => {
    expect(faults(binary({ "ce-datacontenttype": json }))).toEqual(["/header/ce-datacontenttype reserved"]);
    expect(faults(binary({ "ce-tenantid": "ten_x" }))).toEqual(["/header/ce-tenantid reserved"]);
    expect(faults(binary({ "ce-subject": "%C0%A0" }))).toEqual(["/header/ce-subject percent_encoding"]);
    expect(faults(binary({ "ce-subject": "%2" }))).toEqual(["/header/ce-subject percent_encoding"]);
  });
  it("keeps text as text and other bytes as base64", () => {
    expect(draftOf(binary({ "content-type": "text/plain" }, "hi")).data).toBe("hi");
    expect(draftOf(binary({ "content-type": "application/octet-stream" }, "hi")).data).toBe("aGk=");
    expect(draftOf(binary()).data).toBeUndefined();
  });
  it("points at each attribute that is missing", () => {
    expect(faults(message({ "ce-specversion": "1.0" }))).toEqual([
      "/header/ce-id required",
      "/header/ce-source required",
      "/header/ce-type required",
    ]);
  });
});

describe("structured mode", () => {
  it("treats null as absent and reads data_base64 by its content type", () => {
    const given = structured(event({ subject: null, datacontenttype: json, data_base64: btoa('{"a":1}') }));
    expect(draftOf(given)).toMatchObject({ data: { a: 1 } });
    expect(draftOf(given).subject).toBeUndefined();
  });
  it.each([
    [{ specversion: "0.3" }, "/specversion unknown_version"],
    [{ id: "" }, "/id empty"],
    [{ id: 7 }, "/id attribute_type"],
    [{ time: "yesterday" }, "/time time_format"],
    [{ time: "2026-02-30T00:00:00Z" }, "/time time_format"],
    [{ source: "not a uri" }, "/source uri_format"],
    [{ dataschema: "relative" }, "/dataschema uri_format"],
    [{ Bad: "x" }, "/Bad attribute_name"],
    [{ extra: { nested: true } }, "/extra attribute_type"],
    [{ big: 2 ** 31 }, "/big attribute_type"],
    [{ verified: "none" }, "/verified reserved"],
    [{ ext: "a\u0007b" }, "/ext characters"],
    [{ data: 1, data_base64: "AA==" }, "/data_base64 two_data"],
    [{ data_base64: "*" }, "/data_base64 base64"],
  ])("refuses %j at %s", (more, fault) => {
    expect(faults(structured(event(more)))).toEqual([fault]);
  });
  it("keeps the data of an event as it is, falsy values included", () => {
    for (const data of [0, "", false, null, [], "text"])
      expect(draftOf(structured(event({ data }))).data).toEqual(data);
  });
  it("refuses what is not JSON, and event formats other than JSON", () => {
    expect(() => one(structured("{"))).toThrow(/not JSON/);
    expect(() => one(message({ "content-type": "application/cloudevents+xml" }, "<e/>"))).toThrow(
      /event format/,
    );
  });
});

describe("batch mode", () => {
  const batch = (body: unknown) =>
    readCloudEvents(message({ "content-type": "application/cloudevents-batch+json" }, body));
  it("tells which events can't be read and lets the others stand", () => {
    const read = batch([event(), event({ id: undefined }), event({ id: "3" })]);
    expect(read.map((item) => ("draft" in item ? item.draft.id : item.errors[0].pointer))).toEqual([
      "1",
      "/1/id",
      "3",
    ]);
  });
  it("may be empty, but must be a list", () => {
    expect(batch([])).toEqual([]);
    expect(() => batch(event())).toThrow(/list/);
  });
});

describe("header values", () => {
  it("survive encoding and decoding", () => {
    for (const text of ["Euro € 😀", 'a "quoted" 100%', "plain"])
      expect(decodeHeaderValue(encodeHeaderValue(text))).toBe(text);
    expect(encodeHeaderValue("Euro € 😀")).toBe("Euro%20%E2%82%AC%20%F0%9F%98%80");
  });
  it("may be quoted and have hexadecimal digits of either case", () => {
    expect(decodeHeaderValue('"a\\"b c"')).toBe('a"b c');
    expect(decodeHeaderValue("%e2%82%AC")).toBe("€");
    expect(decodeHeaderValue("%ed%a0%80")).toBeUndefined();
  });
});
