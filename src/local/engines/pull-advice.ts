/** Advice for an image that cannot be pulled. */

/** Returns what to do, from what Docker said; `null` if that says it. */
export function pullAdvice(image: string, said: string): string | null {
  return ADVICE.find(({ when }) => when.test(said))?.advise(image) ?? null;
}

// --- internal ---

const ECR_HOST = /^\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+(?=\/)/;

const ADVICE: readonly { readonly when: RegExp; readonly advise: (image: string) => string }[] = [
  { when: /no basic auth|unauthorized|denied|token has expired|authentication required/i, advise: logIn },
  {
    when: /manifest unknown|not found|no matching manifest/i,
    advise: () => "check the name, the tag and the architecture in `imageUri`",
  },
];

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html */
function logIn(image: string): string {
  const [host, region] = ECR_HOST.exec(image) ?? [];
  if (host !== undefined) {
    return `log in: aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${host}`;
  }
  const [registry] = /^[^/]*[.:][^/]*(?=\/)/.exec(image) ?? [""];
  return `check the name in \`imageUri\`; a private image needs a login: docker login ${registry}`.trim();
}
