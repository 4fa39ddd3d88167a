import { inCluster, simulatedCluster } from "../support/simulated-cluster.ts";
import { eventually, type World } from "../support/world.ts";
import type { Call, Fixture } from "./fixture.ts";

/** Every run shares one simulated cluster: things have names of their own, in a namespace that everyone may use. */
export const namespace = "default";
let made = 0;
export const own = (what: string): string => `${what}-${Date.now().toString(36)}-${(made++).toString(36)}`;
export const turn = (): number => made++;

export const cluster = async (world: World): Promise<string> => (await simulatedCluster(world)).clusterId;
export const within = (id: string): string => `/v1/clusters/${id}/namespaces/${namespace}`;

export interface At {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly [field: string]: string;
}

/** Makes something of this namespace through the product and answers where it is. */
export async function make(world: World, plural: string, json: Record<string, unknown>): Promise<At> {
  const id = await cluster(world);
  const { body } = await world.ok(`POST ${within(id)}/${plural}`, { json });
  return { id, namespace, name: body.object.name };
}

/** Waits until something of this namespace is as it should be. */
export function until(
  world: World,
  plural: string,
  { id, name }: At,
  is: (body: Record<string, unknown>) => boolean,
): Promise<unknown> {
  const path = `GET ${within(id)}/${plural}/${name}`;
  return eventually(
    `${plural}/${name} as it should be`,
    async () => is((await world.ok(path)).body) && true,
    18_000,
  );
}

export const inNamespace = async (world: World) => ({ id: await cluster(world), namespace });
export const inAll = async (world: World) => ({ id: await cluster(world) });

type Params = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;

/** A call on what `prepare` made. */
export const on = (
  prepare: (world: World) => Promise<Params>,
  json?: (world: World) => Json | Promise<Json>,
): Fixture => ({
  prepare: async (world) => {
    const params = await prepare(world);
    return json === undefined ? { params } : { params, json: await json(world) };
  },
});

/** A write that a job follows: the job leaves an event too. */
export const followed = (fixture: Fixture): Fixture => ({ ...fixture, events: 2 });
/** An order that can't be given twice to the same thing. */
export const once = (fixture: Fixture): Fixture => ({ ...fixture, repeat: "not_settled" });

/** A list of things that carry a label of their own. */
export function labelledList(
  add: (world: World, labels: Record<string, string>) => Promise<string>,
  more: Readonly<Record<string, string>> = { namespace },
): Fixture {
  const call = async (world: World, group: string): Promise<Call> => ({
    params: await inAll(world),
    query: { ...more, labels: `guard=${group}` },
  });
  return {
    prepare: (world) => call(world, "none"),
    idOf: ({ name }) => String(name),
    async open(world) {
      const group = own("group");
      const insert = () => add(world, { guard: group });
      const ids = [await insert(), await insert(), await insert()];
      return { call: await call(world, group), ids, insert };
    },
  };
}

/** A list of things that carry no labels: all that there are. */
export function plainList(
  add: (world: World) => Promise<string>,
  query: Readonly<Record<string, string>> = {},
): Fixture {
  const call = async (world: World): Promise<Call> => ({ params: await inAll(world), query });
  return {
    prepare: call,
    idOf: ({ name }) => String(name),
    async open(world) {
      const insert = () => add(world);
      const ids = [await insert(), await insert(), await insert()];
      return { call: await call(world), ids, insert };
    },
  };
}

/** A list whose content is the cluster's own. */
export const clustersOwn: Fixture = { ...on(inAll), isFixedList: true };

/** A stopped machine with one small disk. */
export async function stoppedMachine(world: World): Promise<At> {
  const at = await make(world, "virtual-machines", {
    name: own("guard"),
    cpu: 1,
    memory: "512Mi",
    disks: [{ from: { kind: "image", image: "default/image-jammy" }, size: "4Gi" }],
    networks: [{ network: "default/vlan100" }],
    runStrategy: "Halted",
  });
  await until(world, "virtual-machines", at, ({ state }) => state === "Stopped");
  // A machine is stopped before its new volumes are bound, and a snapshot of an unbound one fails for good.
  const { disks } = (await world.ok(`GET ${within(at.id)}/virtual-machines/${at.name}`)).body;
  for (const { volume } of disks as { volume: string | null }[])
    if (volume !== null)
      await until(world, "volumes", { ...at, name: volume }, ({ state }) => state === "bound");
  return at;
}

export { inCluster };
