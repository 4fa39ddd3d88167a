import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { forbidden, refuse } from "../../../../support/kube/api-server/status-error.ts";
import type { Extension } from "../../../../support/kube/words.ts";
import { type Api, at, configMap, MAPS, namesIn, startApi, textAt, WIDGETS, widget } from "./start-api.ts";

const echoes = new WebSocketServer({ noServer: true });
const heard: string[] = [];

const extension: Extension = {
  admissions: [
    {
      group: "example.org",
      plural: "widgets",
      mutate({ object, operation }) {
        if (operation === "CREATE") object.metadata.labels = { ...object.metadata.labels, seen: "yes" };
      },
      validate({ operation, kind, object, old, user, dryRun }) {
        heard.push(`${operation} ${object.metadata.name}${dryRun ? " dry" : ""} by ${user.name}`);
        if (object.metadata.name === "no") throw forbidden(kind, "no", "it is no");
        if (operation === "DELETE" && object.metadata.name === "kept")
          throw refuse(405, "MethodNotAllowed", "kept");
        if (old && at(old, "spec/size") === 9) throw refuse(409, "Conflict", "size 9 stays");
      },
    },
  ],
  routes: [
    {
      method: "GET",
      pattern: "/hello/{who}/{rest*}",
      handle: ({ params, user }) => ({ status: 200, body: { ...params, user: user.name } }),
    },
    { method: "POST", pattern: "/login", public: true, handle: () => ({ status: 204 }) },
    {
      method: "GET",
      pattern: "/mine/{name}",
      handle: (request) => request.call({ method: "GET", path: `${MAPS}/${request.params["name"]}` }),
    },
    {
      method: "POST",
      pattern: "/mine/{name}",
      async handle(request) {
        const given = Object(await request.json());
        const path = `${MAPS}/${request.params["name"]}`;
        return request.call({
          method: "PATCH",
          path,
          body: { data: given },
          contentType: "application/merge-patch+json",
        });
      },
    },
    {
      method: "GET",
      pattern: "/nodes-only",
      handle(request) {
        request.mustBeAllowed({ verb: "list", group: "", resource: "nodes" });
        return { status: 200, body: "ok" };
      },
    },
    {
      method: "GET",
      pattern: "/broken",
      handle: () => {
        throw new Error("oh");
      },
    },
  ],
  sockets: [
    {
      pattern: "/echo/{name}",
      accept({ params, user, incoming }, socket, head) {
        echoes.handleUpgrade(incoming, socket, head, (peer) => {
          peer.send(`${user.name} at ${params["name"]}`);
          peer.on("message", (data) => peer.send(String(data)));
        });
      },
    },
  ],
  seed({ store }) {
    const metadata = {
      name: "seeded",
      namespace: "default",
      uid: "",
      resourceVersion: "",
      creationTimestamp: "",
    };
    store.create(store.kindOf("", "configmaps"), { metadata });
  },
  controllers: [
    {
      name: "stamps",
      start({ store }) {
        const maps = store.kindOf("", "configmaps");
        const stamp = (name: string) =>
          store.edit(maps, "default", name, (map) => {
            map["data"] = { stamped: "yes" };
          });
        for (const map of store.list(maps, "default")) stamp(map.metadata.name);
        store.onChange(({ type, kind, object }) => {
          if (type === "ADDED" && kind.plural === "configmaps") stamp(object.metadata.name);
        });
      },
    },
  ],
};

let api: Api;
beforeAll(async () => {
  api = await startApi({}, extension);
});
afterAll(async () => {
  await api.sim.stop();
  echoes.close();
});

describe("an extension", () => {
  it("seeds before its controllers start, and they hear what comes", async () => {
    expect((await api.ask("GET", `${MAPS}/seeded`)).body).toMatchObject({ data: { stamped: "yes" } });
    await api.ask("POST", MAPS, configMap("later"));
    expect((await api.ask("GET", `${MAPS}/later`)).body).toMatchObject({ data: { stamped: "yes" } });
  });

  it("mutates and refuses what is written", async () => {
    const made = await api.ask("POST", WIDGETS, widget("yes", { size: 9 }));
    expect(at(made.body, "metadata/labels")).toEqual({ seen: "yes" });
    expect((await api.ask("POST", WIDGETS, widget("no"))).body).toMatchObject({
      code: 403,
      message: 'widgets.example.org "no" is forbidden: it is no',
    });
    const patched = await api.ask(
      "PATCH",
      `${WIDGETS}/yes`,
      { spec: { size: 1 } },
      { type: "application/merge-patch+json" },
    );
    expect(patched).toMatchObject({ status: 409, body: { message: "size 9 stays" } });
    await api.ask("POST", WIDGETS, widget("kept"));
    expect((await api.ask("DELETE", `${WIDGETS}/kept`)).status).toBe(405);
    await api.ask("POST", `${WIDGETS}?dryRun=All`, widget("maybe"));
    expect(heard).toEqual([
      "CREATE yes by admin",
      "CREATE no by admin",
      "UPDATE yes by admin",
      "CREATE kept by admin",
      "DELETE kept by admin",
      "CREATE maybe dry by admin",
    ]);
  });

  it("serves its own paths, to those with a token unless they are public", async () => {
    expect((await api.ask("GET", "/hello/you/a%2Fb/c")).body).toEqual({
      who: "you",
      rest: "a/b/c",
      user: "admin",
    });
    expect((await api.ask("GET", "/hello/you/", undefined, { token: "" })).status).toBe(401);
    expect((await api.ask("POST", "/login", undefined, { token: "" })).status).toBe(204);
    expect((await api.ask("GET", "/nodes-only", undefined, { token: "vera" })).status).toBe(403);
    expect((await api.ask("GET", "/nodes-only")).status).toBe(200);
    expect((await api.ask("GET", "/broken")).body).toMatchObject({ code: 500, reason: "InternalError" });
  });

  it("asks the API itself as the same user", async () => {
    expect((await api.ask("GET", "/mine/seeded")).body).toMatchObject({ kind: "ConfigMap" });
    expect((await api.ask("GET", "/mine/seeded", undefined, { token: "vera" })).status).toBe(403);
    expect((await api.ask("GET", "/mine/none")).body).toMatchObject({ code: 404 });
    expect((await api.ask("POST", "/mine/seeded", { a: "b" })).body).toMatchObject({ data: { a: "b" } });
  });

  it("takes WebSockets, by header or by subprotocol, and refuses strangers", async () => {
    const url = api.sim.url.replace("http", "ws");
    const firstOf = (socket: WebSocket) =>
      new Promise<string>((resolve, reject) => {
        socket.once("message", (data) => resolve(String(data)));
        socket.once("error", reject);
      });
    const one = new WebSocket(`${url}/echo/x`, { headers: { authorization: "Bearer admin" } });
    expect(await firstOf(one)).toBe("admin at x");
    one.send("ping");
    expect(await firstOf(one)).toBe("ping");
    one.close();
    const encoded = Buffer.from("vera").toString("base64url");
    const two = new WebSocket(`${url}/echo/y`, [`base64url.bearer.authorization.k8s.io.${encoded}`]);
    expect(await firstOf(two)).toBe("vera at y");
    two.close();
    await expect(firstOf(new WebSocket(`${url}/echo/z`))).rejects.toThrow("401");
    const nowhere = new WebSocket(`${url}/none`, { headers: { authorization: "Bearer admin" } });
    await expect(firstOf(nowhere)).rejects.toThrow("404");
  });
});

describe("discovery", () => {
  it("names every group, version, kind and short name", async () => {
    expect((await api.ask("GET", "/api")).body).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    const { body } = await api.ask("GET", "/apis");
    const groups = at(body, "groups");
    expect(Array.isArray(groups) && groups.map((group) => group.name)).toEqual(
      expect.arrayContaining(["apps", "authorization.k8s.io", "example.org"]),
    );
    const list = await api.ask("GET", "/apis/example.org/v1");
    expect(list.body).toMatchObject({
      kind: "APIResourceList",
      groupVersion: "example.org/v1",
      resources: [
        {
          name: "widgets",
          kind: "Widget",
          namespaced: true,
          shortNames: ["wd"],
          verbs: expect.arrayContaining(["watch"]),
        },
        { name: "widgets/status", verbs: ["get", "patch", "update"] },
        { name: "widgets/scale", kind: "Scale", group: "autoscaling" },
      ],
    });
    expect((await api.ask("GET", "/apis/example.org")).body).toMatchObject({
      kind: "APIGroup",
      preferredVersion: { groupVersion: "example.org/v1" },
    });
    expect(textAt((await api.ask("GET", "/api/v1")).body, "groupVersion")).toBe("v1");
    expect((await api.ask("GET", "/apis/none.org/v1")).status).toBe(404);
    expect(namesIn((await api.ask("GET", "/api/v1/namespaces")).body)).toContain("kube-system");
  });
});
