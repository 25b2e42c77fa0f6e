import { secretsIn } from "../../../src/project/secrets";

test.each([
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "DB_PASSWD",
  "DB_PASSWORD",
  "GOOGLE_CREDENTIALS",
  "SSH_PRIVATE_PEM",
  "TF_VAR_x",
  "API_KEY",
  "npm_token",
])("%s holds a secret", (name) => {
  expect(secretsIn({ [name]: "12345678" })).toEqual(["12345678"]);
});

test("other variables and short values are no secrets", () => {
  expect(secretsIn({ PATH: "/usr/local/bin", KEYBOARD: "qwertyuiop", API_KEY: "1234567", TOKEN: undefined })).toEqual(
    [],
  );
});
