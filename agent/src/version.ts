import packageJson from "../package.json" with { type: "json" };

/** The agent's own version. */
export const version = packageJson.version;
