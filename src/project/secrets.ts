/** Finds secrets in the environment, such as keys and tokens. They must not appear in the output of other programs. */

const SECRET_VARIABLE = /SECRET|TOKEN|PASSW|CREDENTIAL|PRIVATE|^TF_VAR_|_KEY$/i;

/** The shortest secret. Hiding shorter values would make a text unreadable. */
const SHORTEST_SECRET = 8;

/** Returns the values of the environment variables whose names suggest a secret. */
export function secretsIn(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(environment).flatMap(([name, value = ""]) =>
    SECRET_VARIABLE.test(name) && value.length >= SHORTEST_SECRET ? [value] : [],
  );
}
