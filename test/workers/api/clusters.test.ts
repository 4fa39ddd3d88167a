import { beforeAll, describe, expect, it } from "vitest";
import { problemOf } from "../support/tenant.ts";
import { connectAgent, enrollAgent, enrolmentOf, newAgentKey, newCluster } from "../support/test-agent.ts";
import { bindings, eventually, newWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

const tokenOf = async (clusterId: string): Promise<string> =>
  (await world.ok(`POST /v1/clusters/${clusterId}/enrolments`, { json: {} })).body.token;

describe("enrolment", () => {
  it("makes a key the cluster's agent, once", async () => {
    const clusterId = await newCluster(world);
    const token = await tokenOf(clusterId);
    const json = await enrolmentOf(token, await newAgentKey());
    const { body } = await world.ok("POST /agent/v1/enroll", { as: null, json });
    expect(body).toMatchObject({ tenantId: world.tenantId, clusterId });
    expect(body.connectUrl).toContain(`wss://maru.test/agent/v1/connect?`);
    expect(body.keys).toHaveLength(1);
    const again = await enrolmentOf(token, await newAgentKey());
    const refused = await world.call("POST /agent/v1/enroll", { as: null, json: again });
    expect(problemOf(refused)).toMatchObject({ status: 409, code: "clusters.token_used" });
    const agents = (await world.ok(`GET /v1/clusters/${clusterId}/agents`)).body.items;
    expect(agents).toMatchObject([{ id: body.agentId, status: "active", connected: false }]);
  });

  it("lets one of two who use a token at once in", async () => {
    const token = await tokenOf(await newCluster(world));
    const both = await Promise.all(
      [1, 2].map(async () =>
        world.call("POST /agent/v1/enroll", {
          as: null,
          json: await enrolmentOf(token, await newAgentKey()),
        }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it("refuses a wrong token, an expired one, a key that is not proved and another protocol", async () => {
    const clusterId = await newCluster(world);
    const token = await tokenOf(clusterId);
    const key = await newAgentKey();
    const ask = async (json: object) =>
      problemOf(await world.call("POST /agent/v1/enroll", { as: null, json }));
    const wrong = `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`;
    expect(await ask(await enrolmentOf(wrong, key))).toMatchObject({
      status: 401,
      code: "clusters.token_unknown",
    });
    expect(await ask(await enrolmentOf("nonsense", key))).toMatchObject({
      status: 401,
      code: "clusters.token_unknown",
    });
    const other = await newAgentKey();
    expect(await ask(await enrolmentOf(token, key, { publicKey: other.publicKey }))).toMatchObject({
      status: 422,
      fields: ["/signature key_not_proved"],
    });
    expect(await ask(await enrolmentOf(token, key, { protocol: 0 }))).toMatchObject({
      status: 409,
      code: "clusters.incompatible",
    });
    await bindings.DB.prepare("update clusters_enrolments set expires_at = 1 where cluster_id = ?")
      .bind(clusterId)
      .run();
    expect(await ask(await enrolmentOf(token, key))).toMatchObject({
      status: 410,
      code: "clusters.token_expired",
    });
  });
});

describe("a cluster", () => {
  it("gives back of a proxied answer nothing that would speak for this origin", async () => {
    const hostile = {
      "content-type": "text/html",
      "content-disposition": "inline",
      "set-cookie": "a=b",
      "clear-site-data": '"*"',
      "alt-svc": 'h3="evil:443"',
      "service-worker-allowed": "/",
      "content-security-policy": "default-src *",
      "access-control-allow-origin": "*",
      "www-authenticate": "Basic",
      "strict-transport-security": "max-age=0",
      "cache-control": "public, max-age=600",
      connection: "upgrade",
    };
    const agent = await connectAgent(world, {
      handle: () => new Response("<script>", { headers: hostile }),
    });
    const { status, headers } = await world.call(`GET /v1/clusters/${agent.clusterId}/proxy/files/x`);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/html");
    expect(headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("strict-transport-security")).not.toBe("max-age=0");
    for (const name of [
      "set-cookie",
      "clear-site-data",
      "alt-svc",
      "service-worker-allowed",
      "access-control-allow-origin",
      "www-authenticate",
      "connection",
    ])
      expect(headers.get(name), name).toBeNull();
  });

  it("shows who is connected within moments, and is another tenant's 404", async () => {
    const agent = await connectAgent(world);
    const { body } = await world.ok(`GET /v1/clusters/${agent.clusterId}`);
    expect(body).toMatchObject({
      online: true,
      agents: [{ id: agent.agentId, connected: true, role: "active", hostname: "test" }],
    });
    const stranger = await newWorld();
    for (const path of ["", "/agents", "/calls", "/queue", "/proxy/files/x", "/project-namespaces"]) {
      const refused = await stranger.call(`GET /v1/clusters/${agent.clusterId}${path}`);
      expect(problemOf(refused), path).toMatchObject({ status: 404, code: "clusters.unknown" });
    }
    expect(agent.commands).toEqual([]);
  });

  it("cuts a revoked agent off at once and doesn't let it in again", async () => {
    const agent = await connectAgent(world);
    const path = `/v1/clusters/${agent.clusterId}/agents/${agent.agentId}:revoke`;
    const { body } = await world.ok(`POST ${path}`, { json: {} });
    expect(body).toMatchObject({ status: "revoked", connected: false });
    await eventually("the socket is closed", async () => agent.state.closed);
    expect(agent.state.closed?.code).toBe(4403);
    await agent.connect();
    expect(agent.state.refusal).toMatchObject({ code: "revoked", retry: false });
    const refused = await world.call(`GET /v1/clusters/${agent.clusterId}/proxy/files/x`);
    expect(problemOf(refused)).toMatchObject({ status: 503, code: "clusters.offline" });
  });

  it("closes its agents' sockets when it is removed, and they are told so when they dial again", async () => {
    const agent = await connectAgent(world);
    const proxy = `GET /v1/clusters/${agent.clusterId}/proxy/files/x`;
    await world.ok(proxy);
    await world.ok(`DELETE /v1/clusters/${agent.clusterId}`);
    expect(problemOf(await world.call(proxy))).toMatchObject({ status: 404, code: "clusters.unknown" });
    await eventually("the socket is closed", async () => agent.state.closed);
    expect(agent.state.closed?.code).toBe(4410);
    await agent.connect();
    expect(agent.state.refusal).toMatchObject({ code: "removed" });
  });

  it("refuses a hello with another key, and an agent of an older protocol with words for both sides", async () => {
    const agent = await enrollAgent(world);
    Object.assign(agent.key, { sign: (await newAgentKey()).sign });
    await agent.connect();
    expect(agent.state.refusal).toMatchObject({ code: "unauthenticated" });
    const old = await enrollAgent(world, { protocol: 0 });
    await old.connect();
    expect(old.state.refusal).toMatchObject({ code: "incompatible", retry: false });
    expect(old.state.refusal?.detail).toContain("Update the agent");
    await eventually("the socket is closed", async () => old.state.closed);
    expect(old.state.closed?.code).toBe(4426);
  });

  it("rotates its keys with an overlap and tells connected agents, signed with the key before", async () => {
    const agent = await connectAgent(world);
    const before = agent.enrolment.keys[0].id;
    const { body } = await world.ok(`POST /v1/clusters/${agent.clusterId}:rotateKeys`, {
      json: { overlapHours: 2 },
    });
    expect(body.keys.map(({ id }: { id: string }) => id)).toContain(before);
    const keys = await eventually("new keys", async () => agent.state.keys);
    expect(keys).toMatchObject({ signedBy: before });
    const [newest] = keys.keys;
    await world.ok(`GET /v1/clusters/${agent.clusterId}/proxy/files/x`);
    expect(agent.commands.at(-1)?.keyId).toBe(newest?.id);
    await agent.connect();
    expect(agent.state.welcome?.keys).toHaveLength(2);
  });

  it("takes an agent's new key in when the old one and itself prove it", async () => {
    const agent = await connectAgent(world);
    const fresh = await newAgentKey();
    const text = `maru-agent-rotate\n${agent.agentId}\n${fresh.publicKey}`;
    const signature = await agent.key.sign(text);
    const newSignature = await fresh.sign(text);
    agent.say({ type: "rotate", publicKey: fresh.publicKey, signature, newSignature });
    const path = `GET /v1/clusters/${agent.clusterId}/agents`;
    await eventually(
      "the new key",
      async () => (await world.ok(path)).body.items[0].publicKey === fresh.publicKey,
    );
    Object.assign(agent.key, fresh);
    await agent.connect();
    expect(agent.state.refusal).toBeUndefined();
  });
});

describe("namespaces", () => {
  it("belong to projects: those who are held to one see the cluster through them", async () => {
    const clusterId = await newCluster(world);
    const project = await world.project();
    const held = await world.key(["clusters:*"], [project]);
    const path = `/v1/clusters/${clusterId}`;
    expect((await world.call(`GET ${path}`, { as: held })).status).toBe(404);
    const at = `${path}/project-namespaces/team-a`;
    await world.ok(`PUT ${at}`, { json: { projectId: project } });
    expect((await world.call(`GET ${path}`, { as: held })).status).toBe(200);
    expect((await world.ok("GET /v1/clusters", { as: held })).body.items).toHaveLength(1);
    const mine = (await world.ok(`GET ${path}/project-namespaces`, { as: held })).body.items;
    expect(mine).toMatchObject([{ namespace: "team-a", projectId: project }]);
    for (const what of ["agents", "calls", "queue", "proxy/files/x"])
      expect((await world.call(`GET ${path}/${what}`, { as: held })).status, what).toBe(403);
    await world.ok(`DELETE ${at}`);
    expect((await world.call(`GET ${path}`, { as: held })).status).toBe(404);
  });
});
