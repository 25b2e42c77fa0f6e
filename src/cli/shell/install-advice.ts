/** Tells how to install the programs that ECS Exec needs. */

/** A program: its name, and the commands that install it by platform. */
interface Advice {
  readonly title: string;
  readonly darwin: string;
  readonly debian: (isArm: boolean) => string;
  readonly redHat: (isArm: boolean) => string;
  readonly page: string;
}

const CLI_ON_LINUX = (isArm: boolean) =>
  `curl -sSo /tmp/awscli.zip https://awscli.amazonaws.com/awscli-exe-linux-${isArm ? "aarch64" : "x86_64"}.zip && unzip -qod /tmp /tmp/awscli.zip && sudo /tmp/aws/install`;
const PLUGIN = "https://s3.amazonaws.com/session-manager-downloads/plugin/latest";

/**
 * @see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html
 */
const PROGRAMS: Readonly<Record<string, Advice>> = {
  aws: {
    title: "the AWS CLI (`aws`)",
    darwin: "brew install awscli",
    debian: CLI_ON_LINUX,
    redHat: CLI_ON_LINUX,
    page: "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
  },
  "session-manager-plugin": {
    title: "the Session Manager plugin of the AWS CLI",
    darwin: "brew install --cask session-manager-plugin",
    debian: (isArm) =>
      `curl -sSo /tmp/plugin.deb ${PLUGIN}/ubuntu_${isArm ? "arm64" : "64bit"}/session-manager-plugin.deb && sudo dpkg -i /tmp/plugin.deb`,
    redHat: (isArm) => `sudo dnf install -y ${PLUGIN}/linux_${isArm ? "arm64" : "64bit"}/session-manager-plugin.rpm`,
    page: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
  },
};

/** Returns the message for a missing program, with the command that installs it on this machine. */
export function howToInstall(
  program: string,
  isDebian: boolean,
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
): string {
  const { title, darwin, debian, redHat, page } = PROGRAMS[program]!;
  const isArm = arch === "arm64";
  const onLinux = isDebian ? debian(isArm) : redHat(isArm);
  const command = platform === "darwin" ? darwin : platform === "linux" ? onLinux : null;
  const how = command === null ? `see ${page}` : `install it with\n  ${command}\nor see ${page}`;
  return `${title} is missing, and a shell in a job on AWS needs it; ${how}`;
}
