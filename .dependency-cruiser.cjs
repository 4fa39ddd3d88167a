const code = "^(src|contracts|durable-objects|queues|cli|agent|console)/";
const only = (from, allowed, name, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: code, pathNot: allowed },
});

/** Who may import whom: docs/design/house.md. */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    only("^contracts/", "^contracts/", "contracts-alone", "contracts import zod and each other."),
    only(
      "^src/kernel/",
      "^(src/kernel|contracts)/|^src/db/db\\.ts$",
      "kernel-words",
      "the kernel imports no room but contracts.",
    ),
    only("^src/db/", "^(src/kernel|src/db|contracts)/", "db-seam", "the database knows the kernel only."),
    only(
      "^src/platform/",
      "^(src/kernel|src/platform|contracts)/|^durable-objects/\\w+/\\w+-object\\.ts$",
      "platform-adapters",
      "adapters know the kernel; object classes as types.",
    ),
    only(
      "^src/http/",
      "^(src/kernel|src/http|contracts)/",
      "http-shell",
      "HTTP knows the kernel, never modules or the database.",
    ),
    {
      name: "no-framework-inside",
      comment: "Hono lives in http and the app; Drizzle in db and the modules' tables and stores.",
      severity: "error",
      from: { path: "^(src/(kernel|modules|platform)|durable-objects|queues|contracts)/" },
      to: { path: "node_modules/hono" },
    },
    {
      name: "sql-in-stores",
      severity: "error",
      from: { path: "^(src/modules/|durable-objects|queues)", pathNot: "(tables|store|\\.store)\\.ts$" },
      to: { path: "node_modules/drizzle-orm" },
    },
    {
      name: "rules-are-pure",
      comment: "decisions import the kernel, their own module's decisions and contracts.",
      severity: "error",
      from: { path: "^src/modules/([^/]+)/.*\\.rules\\.ts$" },
      to: { path: "^src/", pathNot: "^src/kernel/|^src/modules/$1/" },
    },
    {
      name: "modules-through-their-contract",
      severity: "error",
      from: { path: "^src/modules/([^/]+)/" },
      to: { path: "^src/modules/([^/]+)/", pathNot: "^src/modules/$1/|^src/modules/[^/]+/index\\.ts$" },
    },
    {
      name: "modules-stay-off-the-shell",
      comment: "only routes.ts speaks HTTP; nobody reads env.",
      severity: "error",
      from: { path: "^src/modules/", pathNot: "/routes\\.ts$" },
      to: { path: "^src/", pathNot: "^src/(kernel|db|modules)/" },
    },
    only(
      "^src/reactions/",
      "^src/(kernel|platform|reactions)/|^src/modules/[^/]+/index\\.ts$|^src/context\\.ts$|^contracts/",
      "reactions-between-modules",
      "reactions know contexts, modules by their contract and adapters; never HTTP or the database.",
    ),
    {
      name: "hosts-are-thin",
      severity: "error",
      from: { path: "^(durable-objects|queues)/" },
      to: { path: "^src/http/|node_modules/drizzle-orm" },
    },
    {
      name: "workspaces-stay-outside",
      severity: "error",
      from: { path: "^(cli|agent|console)/" },
      to: { path: "^(src|durable-objects|queues)/", pathNot: "^src/local\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    parser: "swc",
    enhancedResolveOptions: { extensions: [".ts", ".js"], conditionNames: ["import", "workerd"] },
  },
};
