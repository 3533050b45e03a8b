// What all scripts here use. A script has the endpoint and an administrator's credentials in the variables that every AWS SDK reads,
// makes things under names of its own, and writes a line for every check: "ok NAME" or "not ok NAME: WHAT".
import { isDeepStrictEqual, inspect } from "node:util";
import { randomBytes } from "node:crypto";

/** What tells this run's names from those of others. */
export const run = randomBytes(6).toString("hex");

/** Says whether got is what is wanted: true, unless something else is given. */
export function check(name, got, ...wanted) {
  const want = wanted.length ? wanted[0] : true;
  const shown = () => `${inspect(got, { breakLength: Infinity, depth: 8 })}, want ${inspect(want, { breakLength: Infinity, depth: 8 })}`;
  console.log(isDeepStrictEqual(got, want) ? `ok ${name}` : `not ok ${name}: ${shown()}`.replaceAll("\n", " "));
}

/** The name and message of a refusal, as "NAME: MESSAGE"; "done" without one. */
export async function refusal(promise) {
  try {
    await promise;
    return "done";
  } catch (e) {
    return `${e.name}: ${e.message}`;
  }
}

/** The name and status of a refusal, as "NAME STATUS"; "done" without one. */
export async function status(promise) {
  try {
    await promise;
    return "done";
  } catch (e) {
    return `${e.name} ${e.$metadata?.httpStatusCode}`;
  }
}

/** Everything that an asynchronous iterator gives. */
export async function all(pages) {
  const list = [];
  for await (const page of pages) list.push(page);
  return list;
}

/** Waits while wanted() is not true, for eventual things; at most half a minute. */
export async function until(wanted) {
  for (let i = 0; i < 150; i++) {
    if (await wanted()) return true;
    await new Promise((done) => setTimeout(done, 200));
  }
  return false;
}
