/** What other modules may use of secrets: only code that calls a provider reads a value. */
export { mustFindSecret } from "./operations/get-secret.ts";
export { readSecret } from "./read-secret.ts";
