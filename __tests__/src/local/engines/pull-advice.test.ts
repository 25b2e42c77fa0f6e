import { pullAdvice } from "../../../../src/local/engines/pull-advice";

const ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

test.each<[string, string, string | null]>([
  [
    `${ECR}/team/x:1`,
    `Error response from daemon: Head "https://${ECR}/v2/team/x/manifests/1": no basic auth credentials`,
    `log in: aws ecr get-login-password --region us-east-1 | docker login --username AWS --password-stdin ${ECR}`,
  ],
  [
    "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/x:1",
    "denied: Your authorization token has expired. Reauthenticate and try again.",
    "log in: aws ecr get-login-password --region cn-north-1 | docker login --username AWS --password-stdin 123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
  ],
  [
    "ghcr.io/team/x:1",
    "Error response from daemon: Head https://ghcr.io/v2/team/x/manifests/1: unauthorized",
    "check the name in `imageUri`; a private image needs a login: docker login ghcr.io",
  ],
  [
    "pythn:3.13",
    "Error response from daemon: pull access denied for pythn, repository does not exist",
    "check the name in `imageUri`; a private image needs a login: docker login",
  ],
  [
    "python:9.99",
    "Error response from daemon: manifest for python:9.99 not found: manifest unknown",
    "check the name, the tag and the architecture in `imageUri`",
  ],
  ["python:3.13", "dial tcp: lookup registry-1.docker.io: no such host", null],
])("advice on %s after %j", (image, said, advice) => {
  expect(pullAdvice(image, said)).toBe(advice);
});
